-- Everything that happened, in order.  A row is never changed but for `latest`, for the words of a line that
-- was removed, and for the room when that gets another name.  A new kind of event is a new version of this
-- schema: an older chat could not read it.
CREATE TABLE event (
  seq    INTEGER PRIMARY KEY,     -- its place among all events
  id     TEXT NOT NULL UNIQUE,
  time   INTEGER NOT NULL,        -- ms since 1970; never runs backwards
  kind   TEXT NOT NULL,           -- the name of the class in chat.core.events
  name   TEXT NOT NULL,           -- who did it, as shown
  folded TEXT NOT NULL,           -- and as names are compared
  who    TEXT NOT NULL,           -- their identity
  mask   TEXT NOT NULL,           -- where from: user@host, as others see it
  account TEXT NOT NULL,          -- their account, or nothing for a guest
  text   TEXT,
  body   TEXT NOT NULL,           -- its other fields, as a JSON object
  ref    TEXT,                    -- the id of the line that this changes, reacts to or answers
  place  TEXT,                    -- the conversation of a line; NULL for what is no line
  latest INTEGER                  -- the seq of the last change to this line
);
CREATE INDEX event_time ON event (time);
CREATE INDEX event_ref ON event (ref) WHERE ref IS NOT NULL;

-- Which conversations an event belongs in: a folded room name, "@one,other" for two identities, "*" for all.
CREATE TABLE timeline (
  conversation TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  number       INTEGER,           -- the number of a line in its room, 0 for a line without one, NULL for no line
  PRIMARY KEY (conversation, seq)
) WITHOUT ROWID;
CREATE INDEX timeline_line ON timeline (conversation, seq) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX timeline_number ON timeline (conversation, number) WHERE number > 0;

-- What lasts, as it is now.
CREATE TABLE state (
  kind  TEXT NOT NULL,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,            -- JSON
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;

-- The words of every line.  It is filled behind the writer's back, in idle moments and before a search.
CREATE VIRTUAL TABLE search USING fts5 (text, content = 'event', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2');
-- One row: how far the search has come, and whether words were removed that its files still hold.
CREATE TABLE indexed (seq INTEGER NOT NULL, untidy INTEGER NOT NULL);
INSERT INTO indexed VALUES (0, 0);
