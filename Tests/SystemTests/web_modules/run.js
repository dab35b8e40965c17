// Runs test modules named in the address (`run.html?a.test.js&b.test.js`), one test after the other, and writes a line
// for each into the page: `ok NAME` or `failed NAME`, with the reason below it. The title tells when all is done.

const tests = [];

/** Declares a test. */
export function test(name, body) {
  tests.push({ name, body });
}

/** Fails unless two values look the same as JSON. */
export function equal(actual, expected) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) {
    throw new Error(`is        ${is}\nshould be ${should}`);
  }
}

/** Fails unless something is so. */
export function check(isSo, what) {
  if (!isSo) {
    throw new Error(what);
  }
}

async function run() {
  let failures = 0;
  const report = (line) => document.querySelector("#results").append(`${line}\n`);
  for (const file of location.search.slice(1).split("&")) {
    tests.length = 0;
    await import(`./${file}`).catch((error) => test("loads", () => { throw error; }));
    for (const { name, body } of tests) {
      try {
        await body();
        report(`ok ${file}: ${name}`);
      } catch (error) {
        failures += 1;
        report(`failed ${file}: ${name}\n${error.message}\n${error.stack}`);
      }
    }
  }
  document.title = failures === 0 ? "passed" : "failed";
}

run();
