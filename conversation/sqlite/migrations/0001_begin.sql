-- Moments are Unix nanoseconds in UTC; NULL stands for "none".

-- A conversation is one JSON document. The columns beside it are copies, for listing
-- and for the alarm; they are written by the same statement as the document.
CREATE TABLE conversations (
	id         TEXT PRIMARY KEY,
	version    INTEGER NOT NULL,
	name       TEXT NOT NULL,
	address    TEXT NOT NULL,
	manager    TEXT NOT NULL,
	stage      TEXT NOT NULL,
	ended      TEXT NOT NULL,
	paused     INTEGER NOT NULL,
	held       TEXT NOT NULL,
	due_at     INTEGER,
	active_at  INTEGER, -- of the last mail of theirs that was taken
	changed_at INTEGER NOT NULL,
	format     INTEGER NOT NULL, -- of the document
	state      TEXT NOT NULL
) STRICT;

CREATE INDEX conversations_due ON conversations (due_at) WHERE due_at IS NOT NULL;

-- Every address a rep writes from, in lower case: one belongs to one conversation.
CREATE TABLE addresses (
	address      TEXT PRIMARY KEY,
	conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_conversation ON addresses (conversation);

-- What was handled, by SHA-256 of the event's key: a hash outlives the erasure of the
-- person it was about, and says nothing about them.
CREATE TABLE handled (
	key BLOB PRIMARY KEY,
	at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX handled_at ON handled (at);

-- seq is the order in which letters were written. A letter without a conversation is
-- the last one to somebody who was erased; it goes as soon as it is settled.
CREATE TABLE letters (
	seq          INTEGER PRIMARY KEY AUTOINCREMENT,
	key          TEXT NOT NULL UNIQUE,
	conversation TEXT REFERENCES conversations (id) ON DELETE CASCADE,
	kind         TEXT NOT NULL,
	message_id   TEXT NOT NULL,
	token        TEXT NOT NULL,
	not_before   INTEGER,
	since        INTEGER NOT NULL, -- when it first could go
	created_at   INTEGER NOT NULL,
	settled_at   INTEGER, -- when its last delivery was
	text         TEXT NOT NULL,
	raw          BLOB
) STRICT;

CREATE INDEX letters_conversation ON letters (conversation, seq);
CREATE UNIQUE INDEX letters_message_id ON letters (message_id) WHERE message_id <> '';
CREATE UNIQUE INDEX letters_token ON letters (token) WHERE token <> '';
CREATE INDEX letters_settled ON letters (settled_at) WHERE raw IS NOT NULL;

-- ready_at is when a delivery may be claimed: its next attempt while it waits, the end
-- of its lease while it is claimed, NULL once it is settled.
CREATE TABLE deliveries (
	letter     INTEGER NOT NULL REFERENCES letters (seq) ON DELETE CASCADE,
	recipient  TEXT NOT NULL,
	state      TEXT NOT NULL,
	attempts   INTEGER NOT NULL DEFAULT 0,
	ready_at   INTEGER,
	changed_at INTEGER NOT NULL,
	code       INTEGER NOT NULL DEFAULT 0,
	note       TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (letter, recipient)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_ready ON deliveries (ready_at, letter) WHERE ready_at IS NOT NULL;
CREATE INDEX deliveries_failed ON deliveries (changed_at) WHERE state = 'failed';

-- Mail that nothing was done about. dedup is a hash of the mail's key, or of its bytes.
CREATE TABLE held (
	id           TEXT PRIMARY KEY,
	dedup        BLOB NOT NULL UNIQUE,
	key          TEXT NOT NULL,
	reason       TEXT NOT NULL,
	conversation TEXT NOT NULL,
	at           INTEGER NOT NULL,
	raw          BLOB NOT NULL
) STRICT;

CREATE INDEX held_at ON held (at);
CREATE INDEX held_conversation ON held (conversation);

-- How far each mailbox was read.
CREATE TABLE mailboxes (
	mailbox  TEXT PRIMARY KEY,
	validity INTEGER NOT NULL,
	uid      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How often a mail that was not passed yet has been tried.
CREATE TABLE attempts (
	mailbox  TEXT NOT NULL,
	validity INTEGER NOT NULL,
	uid      INTEGER NOT NULL,
	tries    INTEGER NOT NULL,
	PRIMARY KEY (mailbox, validity, uid)
) STRICT, WITHOUT ROWID;

-- Keyed hashes of the addresses of people who left, so that no import invites them again.
CREATE TABLE departed (
	hash TEXT PRIMARY KEY,
	at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers the store keeps about itself: pruned, the last letter that Prune has seen;
-- erased, 1 while the file may still hold copies of what was erased.
CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
