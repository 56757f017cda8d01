/** Who was treated and what came of it: what every number about uplift is made of. */
import { RapportError } from '../../domain/error.ts'

export interface UpliftRows {
  /** 1 where the outcome came, else 0. */
  readonly outcomes: Uint8Array
  /** 1 where treated, 0 where in the control group, by a draw of lots. */
  readonly treatments: Uint8Array
}

export interface ArmCounts {
  readonly treated: number
  readonly treatedOutcomes: number
  readonly control: number
  readonly controlOutcomes: number
}

export function refuse(detail: string): never {
  throw new RapportError('invalid_analysis', detail)
}

/** @throws RapportError invalid_analysis for other values, other lengths, an empty arm, no outcome. */
export function countArms({ outcomes, treatments }: UpliftRows): ArmCounts {
  const rows = outcomes.length
  if (rows === 0) refuse('There are no rows.')
  if (treatments.length !== rows)
    refuse(`There are ${treatments.length} treatments for ${rows} outcomes.`)
  const cells = new Float64Array(4)
  for (let i = 0; i < rows; i++) {
    const outcome = outcomes[i] ?? 2
    const treatment = treatments[i] ?? 2
    if (outcome > 1) refuse(`The outcome of row ${i} is ${outcome}, not 0 or 1.`)
    if (treatment > 1) refuse(`The treatment of row ${i} is ${treatment}, not 0 or 1.`)
    const cell = outcome + 2 * treatment
    cells[cell] = (cells[cell] ?? 0) + 1
  }
  const [controlNo = 0, controlYes = 0, treatedNo = 0, treatedYes = 0] = cells
  if (treatedNo + treatedYes === 0)
    refuse('Nobody was treated: there is nothing to compare the control group with.')
  if (controlNo + controlYes === 0)
    refuse('Everybody was treated: without a control group no uplift can be told.')
  if (treatedYes + controlYes === 0) refuse('The outcome never came: there is nothing to explain.')
  if (treatedNo + controlNo === 0) refuse('The outcome came always: there is nothing to explain.')
  return {
    ...{ treated: treatedNo + treatedYes, treatedOutcomes: treatedYes },
    ...{ control: controlNo + controlYes, controlOutcomes: controlYes },
  }
}
