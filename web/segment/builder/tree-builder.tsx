/**
 * The builder of a tree of conditions. react-querybuilder keeps the tree (paths, moves, copies);
 * everything that is seen is ours: it brings no style of its own.
 */
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useContext, useMemo } from 'react'
import { prepareRuleGroup, QueryBuilder, type RuleGroupType } from 'react-querybuilder'
import type { SegmentFault, SegmentField, SegmentGroup } from '../../../src/domain/segment-view.ts'
import { words } from '../../domain/words.ts'
import type { PickGroup } from '../../ui/multi-pick.tsx'
import { Lines } from '../../ui/states.tsx'
import { fieldMap } from '../rule-tree.ts'
import { type Fields, type PartyKind, segmentQueries } from '../segment-queries.ts'
import { BuilderContext, type BuilderParts, type NestedProps } from './builder-parts.ts'
import { Group } from './rule-group.tsx'
import { RuleRow } from './rule-row.tsx'

interface TreeBuilderProps {
  readonly kind: PartyKind
  readonly tree: SegmentGroup
  readonly onChange: (tree: SegmentGroup) => void
  readonly faults: readonly SegmentFault[]
  readonly kindGroups: readonly PickGroup[]
  readonly prefix?: string
}

const controls = { rule: RuleRow, ruleGroup: Group }

export function TreeBuilder(props: TreeBuilderProps): ReactNode {
  const { kind, tree, onChange, faults, kindGroups, prefix = 'tree' } = props
  const fields = useQuery(segmentQueries.fields(kind)).data
  const parts = useMemo(
    () => fields && partsOf({ fields, faults, prefix, kindGroups }),
    [fields, faults, prefix, kindGroups],
  )
  // Given once: with new ids at every look each field would be a new one, and lose the focus.
  const whole = useMemo(() => {
    const query = tree as unknown as RuleGroupType
    return query.id === undefined ? prepareRuleGroup(query) : query
  }, [tree])
  if (!parts) return <Lines count={3} height={36} />
  return (
    <BuilderContext value={parts}>
      <QueryBuilder
        query={whole}
        onQueryChange={(query) => onChange(query as unknown as SegmentGroup)}
        controlElements={controls}
        enableMountQueryChange={false}
        suppressStandardClassnames
        listsAsArrays
      />
    </BuilderContext>
  )
}

/** The conditions that an account must fulfil: the same builder with the fields of accounts. */
function NestedBuilder({ path, tree, onChange }: NestedProps): ReactNode {
  const outer = useContext(BuilderContext)
  if (!outer) return null
  return (
    <TreeBuilder
      kind="account"
      tree={tree}
      onChange={onChange}
      faults={outer.faults}
      kindGroups={outer.kinds}
      prefix={path}
    />
  )
}

interface Ingredients extends Pick<BuilderParts, 'faults' | 'prefix'> {
  readonly fields: Fields
  readonly kindGroups: readonly PickGroup[]
}

function partsOf({ fields, kindGroups, ...rest }: Ingredients): BuilderParts {
  const groups = new Map<string, SegmentField[]>()
  for (const field of fields.fields) {
    groups.set(field.group, [...(groups.get(field.group) ?? []), field])
  }
  const known = new Set(fields.kinds)
  const grouped = new Set(kindGroups.flatMap(({ options }) => options.map(({ value }) => value)))
  const others = fields.kinds.filter((kind) => !grouped.has(kind))
  return {
    ...rest,
    fields: fieldMap(fields.fields),
    fieldGroups: [...groups].map(([name, list]) => ({ name, fields: list })),
    kinds: [
      ...kindGroups.map(({ name, options }) => ({
        name,
        options: options.filter(({ value }) => known.has(value)),
      })),
      ...(others.length > 0 ? [{ name: 'Others', options: named(others) }] : []),
    ],
    channels: [{ name: 'Channels', options: named(fields.channels) }],
    Nested: NestedBuilder,
  }
}

const named = (ids: readonly string[]) => ids.map((id) => ({ value: id, label: words(id) }))
