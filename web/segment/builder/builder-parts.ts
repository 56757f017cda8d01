/** What every part of the builder needs to know, handed down so that no part imports another in a ring. */
import { type ComponentType, createContext, useContext } from 'react'
import type { SegmentField, SegmentFault, SegmentGroup } from '../../../src/domain/segment-view.ts'
import type { PickGroup } from '../../ui/multi-pick.tsx'
import type { FieldMap } from '../rule-tree.ts'

export interface NestedProps {
  /** Where the nested tree stands, in the words of the server's faults. */
  readonly path: string
  readonly tree: SegmentGroup
  readonly onChange: (tree: SegmentGroup) => void
}

export interface BuilderParts {
  readonly fields: FieldMap
  readonly fieldGroups: readonly { readonly name: string; readonly fields: SegmentField[] }[]
  readonly kinds: readonly PickGroup[]
  readonly channels: readonly PickGroup[]
  readonly faults: readonly SegmentFault[]
  /** Where the tree begins: `tree`, or the value of the condition on an account. */
  readonly prefix: string
  /** The builder itself, for the conditions that an account must fulfil. */
  readonly Nested: ComponentType<NestedProps>
}

export const BuilderContext = createContext<BuilderParts | null>(null)

/** The condition that was added last: it takes the focus when it appears, once. */
let added: string | null = null

export function noteAdded(id: string): void {
  added = id
}

export function takeAdded(id: string | undefined): boolean {
  if (id === undefined || added !== id) return false
  added = null
  return true
}

export function useBuilder(): BuilderParts | null {
  return useContext(BuilderContext)
}

/** `[0, 2]` in the builder is `tree.rules.0.rules.2` in the server's faults. */
export const placeOf = (prefix: string, path: readonly number[]): string =>
  prefix + path.map((index) => `.rules.${index}`).join('')

/** The faults of one rule; those of a tree inside it are shown there. */
export function faultsAt(faults: readonly SegmentFault[], place: string): SegmentFault[] {
  const inner = `${place}.value.rules`
  return faults.filter(
    ({ path }) => (path === place || path.startsWith(`${place}.`)) && !path.startsWith(`${inner}.`),
  )
}

/** The faults of a group itself: of its place, its words, or that it is empty. */
export function groupFaultsAt(faults: readonly SegmentFault[], place: string): SegmentFault[] {
  return faults.filter(
    ({ path }) =>
      path === place || path === `${place}.rules` || path === `${place}.combinator` || path === `${place}.not`, // prettier-ignore
  )
}
