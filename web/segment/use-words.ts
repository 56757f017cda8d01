/** Trees and conditions in words, with the names of the model in force. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SegmentRule, SegmentView } from '../../src/domain/segment-view.ts'
import { type FieldMap, fieldMap } from './rule-tree.ts'
import { type PartyKind, segmentQueries } from './segment-queries.ts'
import { conditionWords, treeWords } from './tree-words.ts'

/** Null while the names are being fetched. */
function useFieldMaps(): Readonly<Record<PartyKind, FieldMap>> | null {
  const people = useQuery(segmentQueries.fields('person')).data
  const accounts = useQuery(segmentQueries.fields('account')).data
  return useMemo(
    () =>
      people && accounts
        ? { person: fieldMap(people.fields), account: fieldMap(accounts.fields) }
        : null,
    [people, accounts],
  )
}

/** What a segment says, in one sentence. */
export function useSentence(): (segment: Pick<SegmentView, 'kind' | 'tree'>) => string {
  const maps = useFieldMaps()
  return ({ kind, tree }) => (maps ? treeWords(tree, maps[kind], maps.account) : '')
}

/** What one condition says; null while the names are not there. */
export function useConditionWords(): (rule: SegmentRule, kind: PartyKind) => string | null {
  const maps = useFieldMaps()
  return (rule, kind) => maps && conditionWords(rule, maps[kind], maps.account)
}
