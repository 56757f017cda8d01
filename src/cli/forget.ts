import { Command } from 'commander'
import { requestOf, withData, type Request } from './common-options.ts'
import { wholeMonths } from './whole-months.ts'

export interface ForgetRequest extends Request {
  readonly months: number
}
export type Forget = (request: ForgetRequest) => Promise<void>

export function forgetCommand(forget: Forget): Command {
  const command = new Command('forget')
    .description('Delete what happened longer ago than may be kept, for good.')
    .requiredOption('--older-than <months>', 'whole months', wholeMonths)
    .addHelpText(
      'after',
      `
Touchpoints of older months are deleted from both stores and from archives, and everybody is measured
anew from what is left. People stay, with their identifiers and traits. It cannot be undone.

Example:
  rapport forget --older-than 36`,
    )
  return withData(command).action(() =>
    forget({ ...requestOf(command), months: command.opts<{ olderThan: number }>().olderThan }),
  )
}
