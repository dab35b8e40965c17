// Something to look at while captions are given their look: as a server would tell it, again and again.

const spoken = [
  ["ko", "안녕하세요, 오늘도 와 주셔서 고마워요. 자막이 잘 보이시나요?", "Hello, thank you for coming again today. Can you see the captions?"],
  ["en", "Hello everyone, welcome back! Today we finally try the new game that you voted for last week."],
  ["ja", "みなさん、こんばんは。今日は新しいゲームを一緒に遊びましょう。", "Good evening, everyone. Let’s play a new game together today."],
  ["ko", "여러분이 보내 주신 그림을 하나씩 함께 볼게요.", "We will look at the pictures you sent, one by one."],
];
/** Milliseconds between two words, and after an utterance. */
const pace = 240;
const pause = 1600;

/**
 * @param {(message: object) => void} tell
 * @returns {() => void} ends it
 */
export function demo(tell) {
  let [utterance, position] = [0, 0];
  let timer = 0;
  function step() {
    const [language, text, meaning] = spoken[utterance % spoken.length];
    const ends = [...text.matchAll(language === "ja" ? /..(?=.)/gu : /\S+\s*/gu)].map(({ index, 0: word }) => index + word.length);
    const end = ends[position] ?? text.length;
    const certain = ends[Math.max(0, position - 3)] ?? 0;
    if (position < ends.length) {
      const stable = position < 3 ? "" : text.slice(0, certain);
      tell({ type: "partial", utterance, stable, tentative: text.slice(stable.length, end), start: utterance });
      position += 1;
      timer = setTimeout(step, pace);
    } else {
      tell({ type: "final", utterance, text, start: utterance, end: utterance + 1, words: [], language });
      if (meaning) tell({ type: "translation", utterance, text: meaning, language: "en" });
      [utterance, position] = [utterance + 1, 0];
      timer = setTimeout(step, pause);
    }
  }
  step();
  return () => clearTimeout(timer);
}
