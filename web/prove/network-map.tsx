/** The forest to look at, to point at and to walk through, with who is who beside it. */
import { Autocomplete } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import type { NetworkPicture } from '../../src/domain/reports/network.ts'
import { formatCount, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { NetworkCanvas } from './network-canvas.tsx'
import { NetworkPerson } from './network-person.tsx'
import { walksOf } from './network-walk.ts'
import classes from './network.module.css'

export function NetworkMap({ picture }: { picture: NetworkPicture }): ReactNode {
  const { drawing } = picture
  const [chosen, setChosen] = useState(0)
  const walks = useMemo(() => walksOf(drawing), [drawing])
  const place = chosen < drawing.ids.length ? chosen : 0
  return (
    <Panel
      title="The network"
      about={`${plural(drawing.ids.length, 'person', 'people')} in ${plural(picture.totals.trees, 'tree')}: each ring is a generation, larger circles brought more.${
        drawing.left > 0 ? ` ${formatCount(drawing.left)} in smaller trees are not drawn.` : ''
      }`}
      actions={<Find drawing={drawing} choose={setChosen} />}
    >
      <div className={classes['map']}>
        <NetworkCanvas drawing={drawing} walks={walks} chosen={place} choose={setChosen} />
        <NetworkPerson picture={picture} walks={walks} place={place} choose={setChosen} />
      </div>
    </Panel>
  )
}

function Find(props: {
  readonly drawing: NetworkPicture['drawing']
  readonly choose: (place: number) => void
}): ReactNode {
  const { drawing, choose } = props
  const placeOf = useMemo(() => {
    const places = new Map<string, number>()
    drawing.names.forEach((name, place) => {
      if (name !== '' && !places.has(name)) places.set(name, place)
    })
    return places
  }, [drawing])
  return (
    <Autocomplete
      aria-label="Find somebody in the network"
      placeholder="Find somebody"
      data={[...placeOf.keys()]}
      limit={8}
      onOptionSubmit={(name) => choose(placeOf.get(name) ?? 0)}
    />
  )
}
