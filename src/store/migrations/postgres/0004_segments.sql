-- Segments: who fulfils a tree of conditions, kept exact with every touchpoint (segment).

create table segment (
  id uuid primary key,
  name text not null,
  about text not null default '',
  kind text not null check (kind in ('person', 'account')),
  -- The version last saved; what serves is the build in state 'serving', maybe of an older version.
  version int not null,
  created_at timestamptz not null,
  created_by text not null,
  deleted_at timestamptz
);
create unique index segment_by_name on segment (lower(name)) where deleted_at is null;

-- An edit adds a version; none is ever rewritten.
create table segment_version (
  segment_id uuid not null references segment (id),
  version int not null,
  tree json not null,
  created_at timestamptz not null,
  created_by text not null,
  primary key (segment_id, version)
);

-- One evaluation of everybody: made beside the one that serves, then put in its place.
create table segment_build (
  build int generated always as identity primary key,
  segment_id uuid not null references segment (id),
  version int not null,
  model_version int not null,
  -- Builds of the segments that this one is made of: where one of them is replaced, so is this.
  parts int[] not null default '{}',
  state text not null check (state in ('building', 'serving', 'broken', 'retired', 'failed')),
  reason text,
  evaluated_at timestamptz not null,
  milliseconds int,
  -- At the end of the build.
  members int
);
create unique index segment_build_in_force on segment_build (segment_id) where state in ('serving', 'broken');
create unique index segment_build_under_way on segment_build (segment_id) where state = 'building';

-- Who is inside, and who may become or cease so by time alone: `wake_at` is when that may be, never
-- too late. No row says: outside, and time alone changes nothing.
create table segment_member (
  build int not null,
  party_id uuid not null,
  inside boolean not null,
  since timestamptz not null,
  wake_at timestamptz,
  primary key (build, party_id)
);
create index segment_member_by_party on segment_member (party_id);
create index segment_member_wake on segment_member (wake_at) where wake_at is not null;

-- Parties that changed while a build is made; it looks at them again before it serves.
create table segment_touched (
  id bigint generated always as identity primary key,
  build int not null,
  party_id uuid not null
);

-- Who entered or left, when and why. `claimed_at` is for whoever tells the world of it.
create table segment_change (
  id bigint generated always as identity,
  segment_id uuid not null,
  party_id uuid not null,
  version int not null,
  at timestamptz not null,
  what text not null check (what in ('entered', 'left')),
  because text not null,
  claimed_at timestamptz,
  primary key (party_id, id)
);
create index segment_change_by_segment on segment_change (segment_id, id desc);
create index segment_change_unclaimed on segment_change (id) where claimed_at is null;

-- Counts the changes of what is in force, so that a process knows when to read it anew.
create table segment_epoch (only_row boolean primary key default true check (only_row), epoch bigint not null);
insert into segment_epoch (epoch) values (0);
