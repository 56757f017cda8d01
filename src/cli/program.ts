import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { attributeCommand } from './attribute.ts'
import { demoCommand, type Demo } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { evaluatePolicyCommand } from './evaluate-policy.ts'
import { importCommand, type Import } from './import.ts'
import { fitModelsCommand, type FitModels } from './fit-models.ts'
import { fitCommand } from './fit.ts'
import { forgetCommand, type Forget } from './forget.ts'
import { lensCommand, type LensActions } from './lens.ts'
import { matchCommand } from './match.ts'
import { predictCommand } from './predict.ts'
import { replayCommand, type Replay } from './replay.ts'
import { sentimentCommand } from './sentiment.ts'
import { startCommand, type Start } from './start.ts'
import { upliftCommand } from './uplift.ts'

/** What the commands do; the command line only says what it was asked. */
export interface Actions {
  readonly start: Start
  readonly demo: Demo
  readonly importFile: Import
  readonly replay: Replay
  readonly lens: LensActions
  readonly forget: Forget
  readonly fitModels: FitModels
}

export function createProgram(actions: Actions): Command {
  const program = new Command('rapport')
    .description(packageJson.description)
    .version(packageJson.version)
    .option('--json', 'answer in JSON, one document a line')
    .addHelpText(
      'after',
      `
Example:
  rapport demo

Settings are environment variables, listed in docs/config.md.`,
    )
  program.addCommand(startCommand(actions.start))
  program.addCommand(demoCommand(actions.demo))
  program.addCommand(importCommand(actions.importFile))
  program.addCommand(replayCommand(actions.replay))
  program.addCommand(lensCommand(actions.lens))
  program.addCommand(forgetCommand(actions.forget))
  program.addCommand(fitModelsCommand(actions.fitModels))
  program.addCommand(attributeCommand())
  program.addCommand(fitCommand())
  program.addCommand(predictCommand())
  program.addCommand(matchCommand())
  program.addCommand(upliftCommand())
  program.addCommand(evaluatePolicyCommand())
  program.addCommand(sentimentCommand())
  program.addCommand(doctorCommand())
  return program.showHelpAfterError('Run "rapport --help" to see what there is.')
}
