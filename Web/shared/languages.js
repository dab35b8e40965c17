// The languages that Whisper knows, under their own names; the first three are the ones that Sori is made for.

const names = {
  ko: "한국어", en: "English", ja: "日本語", zh: "中文", de: "Deutsch", es: "Español", ru: "Русский", fr: "Français",
  pt: "Português", tr: "Türkçe", pl: "Polski", ca: "Català", nl: "Nederlands", ar: "العربية", sv: "Svenska",
  it: "Italiano", id: "Bahasa Indonesia", hi: "हिन्दी", fi: "Suomi", vi: "Tiếng Việt", he: "עברית",
  uk: "Українська", el: "Ελληνικά", ms: "Bahasa Melayu", cs: "Čeština", ro: "Română", da: "Dansk", hu: "Magyar",
  ta: "தமிழ்", no: "Norsk", th: "ไทย", ur: "اردو", hr: "Hrvatski", bg: "Български", lt: "Lietuvių", la: "Latina",
  mi: "Māori", ml: "മലയാളം", cy: "Cymraeg", sk: "Slovenčina", te: "తెలుగు", fa: "فارسی", lv: "Latviešu",
  bn: "বাংলা", sr: "Српски", az: "Azərbaycan", sl: "Slovenščina", kn: "ಕನ್ನಡ", et: "Eesti", mk: "Македонски",
  br: "Brezhoneg", eu: "Euskara", is: "Íslenska", hy: "Հայերեն", ne: "नेपाली", mn: "Монгол", bs: "Bosanski",
  kk: "Қазақ тілі", sq: "Shqip", sw: "Kiswahili", gl: "Galego", mr: "मराठी", pa: "ਪੰਜਾਬੀ", si: "සිංහල",
  km: "ខ្មែរ", sn: "ChiShona", yo: "Èdè Yorùbá", so: "Soomaali", af: "Afrikaans", oc: "Occitan", ka: "ქართული",
  be: "Беларуская", tg: "Тоҷикӣ", sd: "سنڌي", gu: "ગુજરાતી", am: "አማርኛ", yi: "ייִדיש", lo: "ລາວ", uz: "O‘zbek",
  fo: "Føroyskt", ht: "Kreyòl Ayisyen", ps: "پښتو", tk: "Türkmen dili", nn: "Norsk nynorsk", mt: "Malti",
  sa: "संस्कृतम्", lb: "Lëtzebuergesch", my: "မြန်မာ", bo: "བོད་སྐད་", tl: "Tagalog", mg: "Malagasy",
  as: "অসমীয়া", tt: "Татар", haw: "ʻŌlelo Hawaiʻi", ln: "Lingála", ha: "Hausa", ba: "Башҡорт теле",
  jw: "Basa Jawa", su: "Basa Sunda", yue: "粵語",
};

const first = ["ko", "en", "ja"];

/** Whisper's codes. */
export const codes = Object.keys(names);

/**
 * The tag for `lang` attributes and for the browser's own names: Whisper's code for Javanese is an old one.
 * @param {string} code
 */
export function tag(code) {
  return code === "jw" ? "jv" : code;
}

/**
 * All languages with their names, in alphabetical order after the first three.
 * @param {string} locale of whom it is for
 * @returns {{code: string, name: string}[]}
 */
export function languages(locale) {
  const localNames = new Intl.DisplayNames([locale], { type: "language", fallback: "none" });
  const all = Object.entries(names).map(([code, own]) => {
    const local = localNames.of(tag(code)) ?? own;
    return { code, local, name: local.toLowerCase() === own.toLowerCase() ? own : `${local} · ${own}` };
  });
  const rest = all.filter(({ code }) => !first.includes(code)).sort((a, b) => a.local.localeCompare(b.local, locale));
  return [...all.slice(0, first.length), ...rest].map(({ code, name }) => ({ code, name }));
}

/**
 * The language that a text is surely in, by its letters, else the given one: how lines break does not wait until a language was heard.
 * @param {string} text
 * @param {string} otherwise
 */
export function languageOf(text, otherwise) {
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? "ja" : otherwise;
}
