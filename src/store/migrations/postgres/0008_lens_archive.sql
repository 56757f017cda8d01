-- Months of the lens that lie in Parquet files (store). A month may have several: touchpoints that come late are
-- put into another file.
create table lens_archive (
  file text primary key,
  lens uuid not null,
  -- 202403
  month int not null,
  -- Touchpoints of the month up to this batch are in the file.
  last_batch int not null,
  touchpoints int not null,
  bytes bigint not null,
  archived_at timestamptz not null default now()
);
