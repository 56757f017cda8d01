import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { queries } from '../api.ts'
import { SearchField } from '../ui/search-field.tsx'
import classes from './identity.module.css'
import { useMerge } from './use-identity.ts'

interface MergeDialogProps {
  readonly party: PartyDetail
  readonly opened: boolean
  readonly close: () => void
}

/** Chooses the other one. Nothing is asked twice: a merge can be undone. */
export function MergeDialog({ party, opened, close }: MergeDialogProps): ReactNode {
  const [search, setSearch] = useState('')
  const [otherId, setOtherId] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const merge = useMerge(party.id)
  const found = useQuery({ ...queries.partySearch(search, party.kind), enabled: opened })
  const others = found.data?.parties.filter((other) => other.id !== party.id) ?? []
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={`Merge ${party.displayName} with…`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          if (otherId === null) return
          merge.mutate({ otherId, reason: reason || 'Merged by hand' })
          close()
        }}
      >
        <div>
          <SearchField label="Search who it is" value={search} onChange={setSearch} />
          <div className={classes['found']} role="group" aria-label="Found">
            {others.map((other) => (
              <button
                key={other.id}
                type="button"
                className={classes['choice']}
                aria-pressed={other.id === otherId}
                onClick={() => setOtherId(other.id)}
              >
                <span>{other.displayName}</span>
                <span className={classes['note']}>{other.rung.name}</span>
              </button>
            ))}
            {others.length === 0 && <p className={classes['note']}>No one else matches.</p>}
          </div>
        </div>
        <TextInput
          label="Reason"
          description="Kept with the decision."
          placeholder="Same person, two addresses"
          value={reason}
          maxLength={300}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={classes['buttons']}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={otherId === null}>
            Merge
          </Button>
        </div>
      </form>
    </Modal>
  )
}
