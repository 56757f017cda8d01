import { Command } from 'commander'
import { outputOf, requestOf, withData, withPort } from './common-options.ts'
import { checkEverything, type Finding } from './doctor-checks.ts'

const marks = { ok: 'ok     ', warning: 'note   ', fault: 'FAULT  ' } as const

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('Check this machine and the configuration, and say what to do about each fault.')
    .addHelpText(
      'after',
      `
Nothing is changed. Ends with 1 where something would keep Rapport from working.

Example:
  rapport doctor --data /var/lib/rapport`,
    )
  return withData(withPort(command)).action(async () => {
    const output = outputOf(command)
    let faults = 0
    for await (const finding of checkEverything(() => requestOf(command).config)) {
      if (finding.state === 'fault') faults += 1
      output.say(lineOf(finding), { ...finding })
    }
    const verdict = faults === 0 ? 'Everything is in order.' : `${faults} to mend.`
    output.say(verdict, { faults })
    process.exitCode = faults === 0 ? 0 : 1
  })
}

function lineOf({ state, check, says, fix }: Finding): string {
  const line = `${marks[state]}${check}: ${says}`
  return fix === null ? line : `${line}\n       ${fix}`
}
