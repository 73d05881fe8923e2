-- Answers to questions that were closed when they came: kept for the rep, and no part of the coaching.
CREATE TABLE late (
	conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
	letter       TEXT NOT NULL, -- the key of the letter that put the question
	kind         TEXT NOT NULL, -- of that letter
	asked_at     INTEGER, -- when it was delivered
	at           INTEGER NOT NULL,
	text         TEXT NOT NULL
) STRICT;

CREATE INDEX late_conversation ON late (conversation);
