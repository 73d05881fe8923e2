-- Addresses of people who were erased while mail of theirs may still lie in the mailbox: each goes once it does no more.
CREATE TABLE departing (
	address TEXT PRIMARY KEY,
	at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX departing_at ON departing (at);

-- When an admin had a held mail's words shown.
ALTER TABLE held ADD COLUMN shown_at INTEGER;
