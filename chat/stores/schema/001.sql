-- Everything that happened, in order.  A row is never changed but for `latest`, and for the words of a line that
-- was removed.  A new kind of event is a new version of this schema: an older chat could not read it.
--
-- Writing is one place at the end of this table and one at the end of its ids, whoever speaks and wherever: pages
-- that are written anew are what a commit costs.  What is in the order of conversations or words follows later.
CREATE TABLE event (
  seq    INTEGER PRIMARY KEY,     -- its place among all events
  time   INTEGER NOT NULL,        -- ms since 1970; never runs backwards along seq
  kind   TEXT NOT NULL,           -- the name of the class in chat.core.events
  by     INTEGER NOT NULL,        -- who did it: an author
  whom   INTEGER,                 -- to whom: an author
  place  INTEGER,                 -- its conversation; NULL if there is none, or more than one
  number INTEGER,                 -- of a line in its room, rising along seq; 0 for a line without one, NULL for no line
  id     TEXT NOT NULL UNIQUE,
  text   TEXT,
  body   TEXT,                    -- what else it says that goes without saying in most, as a JSON object
  ref    TEXT,                    -- the id of the line that this changes, reacts to or answers
  latest INTEGER                  -- the seq of the last change to this line
);
CREATE INDEX event_ref ON event (ref) WHERE ref IS NOT NULL;

-- People as they were when they did something: another name or address is another row.
CREATE TABLE author (
  number  INTEGER PRIMARY KEY,
  who     TEXT NOT NULL,          -- their identity
  name    TEXT NOT NULL,          -- as shown
  folded  TEXT NOT NULL,          -- and as names are compared
  mask    TEXT NOT NULL,          -- where from: user@host, as others see it
  account TEXT NOT NULL,          -- or nothing for a guest
  bot     INTEGER NOT NULL
);
CREATE INDEX author_who ON author (who);

-- A room by its folded name, "@one,other" for two identities, "*" for all.
CREATE TABLE conversation (
  number  INTEGER PRIMARY KEY,
  key     TEXT NOT NULL UNIQUE,
  name    TEXT,                   -- the room as events in it call it that do not say otherwise
  renamed INTEGER NOT NULL DEFAULT 0  -- the seq with which it got this name: what events before it say does not count
);

-- Where an event belongs.  It is filled behind the writer's back, up to `placed`; from there on, `event.place` says it.
-- What belongs in more than one conversation is here at once.
CREATE TABLE timeline (
  place INTEGER NOT NULL,         -- a conversation
  line  INTEGER NOT NULL,         -- 1 for what was said, 0 for everything else
  seq   INTEGER NOT NULL,
  PRIMARY KEY (place, line, seq)
) WITHOUT ROWID;

-- What lasts, as it is now.
CREATE TABLE state (
  kind  TEXT NOT NULL,
  key   TEXT NOT NULL,
  value TEXT NOT NULL,            -- JSON
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;

-- The words of every line.  It is filled behind the writer's back, too, in idle moments and before a search.
CREATE VIRTUAL TABLE search USING fts5 (
  text, content = 'event', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2',
  columnsize = 0                  -- how long a line is matters to a ranking only, and there is none
);
-- One row: how far the timeline and the search have come, and whether words were removed that the search's files still hold.
CREATE TABLE indexed (placed INTEGER NOT NULL, seq INTEGER NOT NULL, untidy INTEGER NOT NULL);
INSERT INTO indexed VALUES (0, 0, 0);
