"""Tunes the words' vectors to what people say again, and writes ../../data/kinship.bin.

    go test -run TestTerms -fit ./conversation/hearing      # terms.json, here
    node compile.mjs DIR                                    # words.txt, words.f32
    python3 tune.py DIR ../../data/kinship.bin              # numpy, torch; some minutes

Texts that say the same (meanings-*, restated-*, families-*, triples-*) are to meet, word by word, better than
others of the same theme: a contrastive loss (van den Oord et al. 2018) over batches. Learnt are a linear map of
the 612 numbers of a word to 40, a small correction for each word that is seen often, and how much each word
tells. Penalties keep words that are seen seldom where the map puts them.

The file: the number of words and of numbers a word as two little-endian uint32, the words, each ended by a line
feed, a row of signed bytes a word, and a byte for how much each tells, in hundredths; the last one is for a word
that is not in the list.
"""
import glob, json, random, sys
import numpy as np, torch
import torch.nn.functional as F

HERE, DIR, OUT = sys.path[0], sys.argv[1], sys.argv[2]
SIZE, TERMS, STEPS, BATCH, RATE = 40, 8, 1500, 64, 2e-3
KEEP_MAP, KEEP_WORD, KEEP_TELL = 0.05, 2.5e-5, 3e-3
torch.manual_seed(1)
rng = random.Random(1)
torch.set_num_threads(1)

words = open(f"{DIR}/words.txt").read().split()
raw = np.fromfile(f"{DIR}/words.f32", dtype=np.float32).reshape(len(words), -1)


def spread(a):
    """Takes off the mean and the two directions that all words share (Mu & Viswanath 2018)."""
    a = a - a.mean(0)
    d = np.linalg.svd(a[:4000], full_matrices=False)[2][:2]
    a = a - (a @ d.T) @ d
    return a / np.linalg.norm(a, axis=1, keepdims=True)


X = np.concatenate([spread(raw[:, :512]), 0.7 * spread(raw[:, 512:])], 1).astype(np.float32)
rank = np.arange(len(words))
rarity = np.clip(np.log((rank + 5) / 60) / np.log(12000 / 60), 0.05, 1).astype(np.float32)

terms = json.load(open(f"{HERE}/terms.json"))
texts = sorted(terms)
at = {t: i for i, t in enumerate(texts)}
ids = np.full((len(texts), TERMS), -1)
stems = np.full((len(texts), TERMS), -1)
known = {}
for i, t in enumerate(texts):
    for k, w in enumerate(terms[t][:TERMS]):
        ids[i, k] = w["Rank"] if w["Rank"] < len(words) else -1
        stems[i, k] = known.setdefault(w["Stem"], len(known))
ids, stems = torch.tensor(ids), torch.tensor(stems)


def lines(pattern):
    for path in sorted(glob.glob(f"{HERE}/../{pattern}")):
        yield path, None
        for line in open(path, encoding="utf-8"):
            if line.strip():
                yield path, line.strip()


# themes: lists of groups; of a group all texts say the same. further: what sounds like a group and is not.
themes, further, triples = {}, {}, []
for path, line in lines("meanings-*.txt"):
    groups = themes.setdefault(path, [])
    if line and line[0] == "#":
        groups.append([])
    elif line and groups:
        groups[-1].append(at[line])
for pattern in ("families-*.txt", "restated-*.txt"):
    for path, line in lines(pattern):
        if line and line[0] != "#" and "||" in line:
            same, other = ([at[x.strip()] for x in part.split("|")] for part in line.split("||", 1))
            themes.setdefault(pattern, []).append(same)
            further[id(same)] = other
for path, line in lines("triples-*.txt"):
    if line and line[0] != "#" and line.count("|") == 2:
        triples.append([at[x.strip()] for x in line.split("|")])
everything = [g for groups in themes.values() for g in groups]
choices = sorted(themes) + ["restated-*.txt"] * 6
close = [g for g in everything if id(g) in further]


class Words(torch.nn.Module):
    def __init__(self):
        super().__init__()
        start = np.linalg.svd(X[:12000], full_matrices=False)[2][:SIZE].T.copy()
        self.start, self.x = torch.tensor(start), torch.tensor(X)
        self.map = torch.nn.Parameter(torch.tensor(start))
        self.word = torch.nn.Parameter(torch.zeros(len(words), SIZE))
        self.tell_map = torch.nn.Parameter(torch.zeros(X.shape[1]))
        self.tell = torch.nn.Parameter(torch.zeros(len(words)))
        self.unknown = torch.nn.Parameter(torch.zeros(1))
        self.scale = torch.nn.Parameter(torch.full((4,), 2.0))

    def table(self):
        v = F.normalize(self.x @ self.map + self.word, dim=1)
        return v, torch.exp(torch.log(torch.tensor(rarity)) + self.x @ self.tell_map + self.tell)

    def side(self, i, v, tells):
        there = stems[i] >= 0
        there &= (torch.rand(there.shape) > 0.1) | (there.sum(1, keepdim=True) < 3)
        is_known = ids[i] >= 0
        row = ids[i].clamp(min=0)
        return v[row] * is_known.unsqueeze(-1), torch.where(is_known, tells[row], torch.exp(self.unknown)) * there, there

    def score(self, i, j, pairs, table):
        """How well texts i and j meet: each i with each j, or pairwise."""
        (a, wa, ta), (b, wb, tb) = self.side(i, *table), self.side(j, *table)
        ga, gb = (F.normalize((x * w.unsqueeze(-1)).sum(1), dim=1) for x, w in ((a, wa), (b, wb)))
        if pairs:
            near, gist = torch.einsum("itd,iud->itu", a, b), (ga * gb).sum(1)
            same, both = stems[i][:, :, None] == stems[j][:, None, :], ta[:, :, None] & tb[:, None, :]
        else:
            near, gist = torch.einsum("itd,jud->ijtu", a, b), ga @ gb.T
            same = stems[i][:, None, :, None] == stems[j][None, :, None, :]
            both = ta[:, None, :, None] & tb[None, :, None, :]
            wa, wb = wa[:, None, :], wb[None, :, :]
        near = torch.where(both, torch.where(same, torch.ones_like(near), near), torch.zeros_like(near))
        ka = (near.max(-1)[0] * wa).sum(-1) / (wa.sum(-1) + 1e-6)
        kb = (near.max(-2)[0] * wb).sum(-1) / (wb.sum(-1) + 1e-6)
        c = self.scale
        return 3 * (c[0] * ka + c[1] * kb + c[2] * ka * kb + c[3] * gist)


def batch_loss(m, table):
    theme = themes[rng.choice(choices)]
    groups = rng.sample(theme, min(len(theme), BATCH * 2 // 3)) + rng.sample(everything, BATCH // 3)
    groups = list({id(g): g for g in groups if len(g) > 1}.values())
    two = [rng.sample(g, 2) for g in groups]
    others = [rng.choice(further[id(g)]) for g in groups if id(g) in further]
    s = m.score(torch.tensor([p[0] for p in two]), torch.tensor([p[1] for p in two] + others), False, table)
    y = torch.arange(len(two))
    return F.cross_entropy(s, y, label_smoothing=0.05) + F.cross_entropy(s[:, : len(two)].T, y, label_smoothing=0.05)


def triple_loss(m, table):
    some = rng.sample(triples, 24)
    for g in rng.sample(close, 24):
        some.append(rng.sample(g, 2) + [rng.choice(further[id(g)])])
    a, p, n = (torch.tensor(x) for x in zip(*some))
    return F.softplus(m.score(a, n, True, table) - m.score(a, p, True, table)).mean()


m = Words()
opt = torch.optim.Adam(m.parameters(), lr=RATE)
for step in range(STEPS):
    opt.param_groups[0]["lr"] = RATE * min(1, 2 * (STEPS - step) / STEPS)
    table = m.table()
    loss = batch_loss(m, table) + 0.5 * triple_loss(m, table)
    loss = loss + KEEP_WORD * (m.word**2).sum() + KEEP_MAP * ((m.map - m.start) ** 2).sum()
    loss = loss + KEEP_TELL * ((m.tell_map**2).sum() + 0.05 * (m.tell**2).sum())
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 99:
        print(step + 1, round(loss.item(), 2), flush=True)

with torch.no_grad():
    v, tells = (t.numpy() for t in m.table())
rows = np.round(v / np.abs(v).max(1, keepdims=True) * 127).astype(np.int8)
tells = np.clip(np.round(np.append(tells, np.exp(m.unknown.item())) * 100), 0, 255).astype(np.uint8)
with open(OUT, "wb") as f:
    f.write(np.array([len(words), SIZE], dtype="<u4").tobytes() + ("\n".join(words) + "\n").encode() + rows.tobytes() + tells.tobytes())
