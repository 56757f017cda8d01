/** Dashboards and their pins as they are stored. */
import { sql, type Kysely } from 'kysely'
import type { DashboardList, DashboardView, PinView } from '../../domain/dashboard-view.ts'

export async function readDashboards(
  db: Kysely<unknown>,
): Promise<DashboardList['dashboards'][number][]> {
  const { rows } = await sql<DashboardList['dashboards'][number]>`
    select d.id, d.name, d.created_by as "createdBy",
      coalesce(array_agg(p.title order by p.position, p.id) filter (where p.id is not null), '{}') as titles
    from dashboard d left join dashboard_pin p on p.dashboard_id = d.id
    where d.deleted_at is null group by d.id order by lower(d.name), d.id`.execute(db)
  return rows
}

/** Null where there is none, or it was removed. */
export async function readDashboard(
  db: Kysely<unknown>,
  id: string,
): Promise<DashboardView | null> {
  const { rows } = await sql<{ id: string; name: string; createdAt: Date; createdBy: string }>`
    select id, name, created_at as "createdAt", created_by as "createdBy" from dashboard
    where id = ${id} and deleted_at is null`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const pins = await sql<PinView>`
    select id, report, title, query, wide from dashboard_pin
    where dashboard_id = ${id} order by position, id`.execute(db)
  return { ...row, createdAt: row.createdAt.toISOString(), pins: pins.rows }
}

export async function insertDashboard(
  db: Kysely<unknown>,
  given: { readonly id: string; readonly name: string; readonly by: string; readonly now: number },
): Promise<void> {
  await sql`insert into dashboard (id, name, created_at, created_by)
    values (${given.id}, ${given.name}, ${new Date(given.now)}, ${given.by})`.execute(db)
}

/** False where there is no such dashboard. */
export async function renameDashboard(
  db: Kysely<unknown>,
  id: string,
  name: string,
): Promise<boolean> {
  const { rows } = await sql`update dashboard set name = ${name}
    where id = ${id} and deleted_at is null returning id`.execute(db)
  return rows.length > 0
}

/** @param removedAt  null brings it back */
export async function markDashboard(
  db: Kysely<unknown>,
  id: string,
  removedAt: number | null,
): Promise<boolean> {
  const at = removedAt === null ? null : new Date(removedAt)
  const { rows } = await sql`update dashboard set deleted_at = ${at}
    where id = ${id} returning id`.execute(db)
  return rows.length > 0
}

/** One change of the pins of a dashboard after the other. */
export async function lockDashboard(db: Kysely<unknown>, id: string): Promise<boolean> {
  const { rows } = await sql`select id from dashboard
    where id = ${id} and deleted_at is null for update`.execute(db)
  return rows.length > 0
}

export async function insertPin(
  db: Kysely<unknown>,
  dashboardId: string,
  { id, report, title, query, wide }: PinView,
): Promise<void> {
  await sql`
    insert into dashboard_pin (id, dashboard_id, report, title, query, position, wide)
    select ${id}, ${dashboardId}, ${report}, ${title}, ${JSON.stringify(query)}::json,
      coalesce(max(position) + 1, 0), ${wide}::boolean
    from dashboard_pin where dashboard_id = ${dashboardId}`.execute(db)
}

export async function orderPins(
  db: Kysely<unknown>,
  dashboardId: string,
  ids: readonly string[],
): Promise<void> {
  await sql`
    update dashboard_pin set position = wanted.place - 1
    from unnest(${ids}::uuid[]) with ordinality as wanted (id, place)
    where dashboard_pin.id = wanted.id and dashboard_id = ${dashboardId}`.execute(db)
}

export async function updatePin(
  db: Kysely<unknown>,
  place: { readonly dashboardId: string; readonly pinId: string },
  { title, wide }: Pick<PinView, 'title' | 'wide'>,
): Promise<boolean> {
  const { rows } = await sql`update dashboard_pin set title = ${title}, wide = ${wide}
    where id = ${place.pinId} and dashboard_id = ${place.dashboardId} returning id`.execute(db)
  return rows.length > 0
}

export async function deletePin(
  db: Kysely<unknown>,
  place: { readonly dashboardId: string; readonly pinId: string },
): Promise<boolean> {
  const { rows } = await sql`delete from dashboard_pin
    where id = ${place.pinId} and dashboard_id = ${place.dashboardId} returning id`.execute(db)
  return rows.length > 0
}
