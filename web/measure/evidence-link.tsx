import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './evidence-link.module.css'

/**
 * A number that opens: to the touchpoints and weights that made it. The address of the page then
 * names the number, so an opened number can be sent to a colleague.
 */
export function EvidenceLink(props: {
  /** What `GET /api/parties/{id}/evidence?of=` takes. */
  readonly of: string
  /** What the number is, for those who hear the page rather than see it. */
  readonly label: string
  readonly children: ReactNode
}): ReactNode {
  // How well traits fit a persona is no sum of touchpoints: there is nothing to open.
  if (props.of.startsWith('persona:')) return props.children
  return (
    <Link
      to="."
      search={(old) => ({ ...old, evidence: props.of })}
      resetScroll={false}
      preload={false}
      className={classes['link']}
      activeProps={{}}
      title="Open the evidence"
    >
      {props.children}
      <span className="visually-hidden">, open the evidence for {props.label}</span>
    </Link>
  )
}
