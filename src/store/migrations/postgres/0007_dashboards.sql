-- Reports pinned to dashboards, and reports that are sent at set times (prove).

create table dashboard (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null,
  created_by text not null,
  deleted_at timestamptz
);

create table dashboard_pin (
  id uuid primary key,
  dashboard_id uuid not null references dashboard (id),
  report text not null,
  title text not null,
  -- What is asked, as it stands in the address of the report.
  query json not null,
  position int not null,
  -- Over the whole width.
  wide boolean not null
);
create index dashboard_pin_in_order on dashboard_pin (dashboard_id, position);

create table report_schedule (
  id uuid primary key,
  report text not null,
  title text not null,
  query json not null,
  every text not null check (every in ('day', 'week', 'month')),
  hour int not null check (hour between 0 and 23),
  minute int not null check (minute between 0 and 59),
  -- IANA name: the hour is the one on a wall there.
  zone text not null,
  -- 1 is Monday.
  weekday int check (weekday between 1 and 7),
  -- A month that is shorter has it on its last day.
  month_day int check (month_day between 1 and 31),
  channel text not null check (channel in ('email', 'webhook')),
  targets text[] not null check (cardinality(targets) > 0),
  -- Signs webhooks; null for e-mail.
  secret text check ((secret is not null) = (channel = 'webhook')),
  formats text[] not null check (cardinality(formats) > 0),
  next_at timestamptz not null,
  -- One process at a time sends for it: until then, or until it gives it back (null).
  lease_until timestamptz,
  paused boolean not null default false,
  created_at timestamptz not null,
  created_by text not null,
  -- As whom its pictures are taken.
  creator_id uuid not null,
  creator_kind text not null check (creator_kind in ('user', 'key')),
  deleted_at timestamptz
);
create index report_schedule_due on report_schedule (next_at) where not paused and deleted_at is null;

-- Written before anything is sent, so that what was begun and not recorded is seen.
create table report_delivery (
  schedule_id uuid not null references report_schedule (id),
  due_at timestamptz not null,
  -- 'sending': the other side may have it already.
  state text not null check (state in ('waiting', 'sending', 'sent', 'failed')),
  attempts int not null default 0,
  -- Where it is waiting.
  next_try_at timestamptz,
  -- Of the last attempt, or what was left out of what was sent.
  error text,
  sent_at timestamptz,
  primary key (schedule_id, due_at)
);
create index report_delivery_open on report_delivery (next_try_at) where state in ('waiting', 'sending');
