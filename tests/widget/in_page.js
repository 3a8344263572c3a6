// What the tests in TypeScript import from Node, for a browser. The page has `files`, binary ones
// as base64, and gets `results`: of each test its name, and the error if it failed.

const { files } = globalThis;
const results = (globalThis.results = []);
globalThis.Buffer = { from: bytesOf };

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export const join = (...parts) => parts.join("/");
export const readFileSync = (name, encoding) => (encoding ? files[name] : bytesOf(files[name]));

export function test(name, run) {
  const said = [];
  let error = "";
  try {
    run({ diagnostic: (words) => said.push(words) });
  } catch (caught) {
    error = `${caught.stack ?? caught}`;
  }
  results.push({ name, error, said });
}

function isSame(a, b) {
  if (Object.is(a, b)) return true;
  if (!(a instanceof Object && b instanceof Object)) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length && keys.every((key) => isSame(a[key], b[key]));
}

function ok(value, words = "not so") {
  if (!value) throw Error(words);
}

export default {
  ok,
  equal: (a, b, words = `${a} is not ${b}`) => ok(Object.is(a, b), words),
  deepEqual: (a, b, words = `${a} is not ${b}`) => ok(isSame(a, b), words),
  throws(run) {
    let threw = false;
    try {
      run();
    } catch {
      threw = true;
    }
    ok(threw, "nothing is thrown");
  },
};
