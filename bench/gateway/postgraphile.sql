-- What PostGraphile is given: the rows of one project as views, with the flags and reasons as columns.
create schema peers;
create view peers.instances as
  select id, name, tier::text, version::text, region, status::text, created_at from public.instances
  where project_id = '00000001-0000-7000-8000-000000000001' and deleted_at is null;
create view peers.snapshots as
  select id, instance_id, type::text, kind::text, cause::text, status::text, name, taken_at, completed_at, size_bytes, stored_bytes,
    restorable_until, exportable_until, restore_reasons = '{}' as restorable, export_reasons = '{}' as exportable,
    restore_reasons, export_reasons
  from public.snapshots,
    lateral (select array_remove(array[
        case when status <> 'COMPLETED' then 'NOT_COMPLETED' end,
        case when restorable_until <= now() then 'WINDOW_CLOSED' end,
        case when superseded_at is not null then 'SUPERSEDED' end,
        case when chain_broken_at is not null then 'CHAIN_BROKEN' end,
        case when artifact_state = 'DAMAGED' then 'ARTIFACT_DAMAGED' end], null) as restore_reasons) r,
    lateral (select array_remove(array[
        case when status <> 'COMPLETED' then 'NOT_COMPLETED' end,
        case when exportable_until <= now() then 'WINDOW_CLOSED' end,
        case when superseded_at is not null then 'SUPERSEDED' end,
        case when chain_broken_at is not null then 'CHAIN_BROKEN' end,
        case when artifact_state = 'DAMAGED' then 'ARTIFACT_DAMAGED' end,
        case when kind = 'DIFFERENTIAL' then 'DIFFERENTIAL_NOT_EXPORTABLE' end], null) as export_reasons) e
  where project_id = '00000001-0000-7000-8000-000000000001'
    and (status <> 'COMPLETED' or restorable_until > now()) and superseded_at is null;
create view peers.operations as
  select id, status::text, phase::text, percent, bytes_done, bytes_total, eta_seconds, revision,
    status not in ('SUCCEEDED', 'FAILED', 'CANCELED') as cancelable, created_at, started_at, finished_at
  from public.operations where project_id = '00000001-0000-7000-8000-000000000001';
comment on view peers.instances is E'@primaryKey id\n@behavior +orderBy +filterBy';
comment on view peers.snapshots is E'@primaryKey id\n@foreignKey (instance_id) references instances (id)\n@behavior +orderBy +filterBy';
comment on view peers.operations is E'@primaryKey id\n@behavior +filterBy';
comment on column peers.snapshots.taken_at is E'@behavior +orderBy';
comment on column peers.snapshots.exportable is E'@behavior +filterBy';
comment on column peers.instances.created_at is E'@behavior +orderBy';
