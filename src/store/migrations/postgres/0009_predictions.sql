-- What is likely next: models that were fitted, and what they say of each party (predict).

-- One row a fit. Of the fits of a model at most one serves; one that does not beat its baselines never does.
create table prediction_model (
  id text not null,
  version int not null,
  state text not null check (state in ('fitting', 'serving', 'refused', 'failed', 'retired')),
  -- Why it does not serve, and what to do.
  reason text,
  -- Nothing that happened later is in it.
  as_of timestamptz not null,
  started_at timestamptz not null,
  -- While it is being fitted: whoever fits is taken for gone after that.
  lease_until timestamptz,
  -- While it is being fitted, 0..1 and in words.
  progress real not null default 0,
  doing text not null default '',
  fitted_at timestamptz,
  milliseconds int,
  -- What scoring needs.
  parameters json,
  -- What its card shows: data used, checks, held-out figures, calibration, effects, the sample's spread.
  card json,
  -- When everybody was last given a score by it, and how far people have moved from those it was fitted on.
  scored_at timestamptz,
  scored int,
  drift json,
  primary key (id, version)
);
create unique index prediction_model_serving on prediction_model (id) where state = 'serving';
create unique index prediction_model_fitting on prediction_model (id) where state = 'fitting';

-- What the serving fits say of each party; replaced whole at every scoring.
create table prediction (
  party_id uuid not null,
  -- One of the quantities that a model gives, for example 'alive'.
  quantity text not null,
  version int not null,
  value double precision not null,
  low double precision not null,
  high double precision not null,
  -- Share of people with less, 0..1.
  rank real not null,
  as_of timestamptz not null,
  -- What moved it most, most first: [feature, the party's value, effect].
  reasons json not null,
  primary key (party_id, quantity)
);
create index prediction_by_value on prediction (quantity, value desc, party_id);
