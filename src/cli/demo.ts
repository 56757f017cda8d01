import { join } from 'node:path'
import { Command } from 'commander'
import { requestOf, withData, withPort, type Request } from './common-options.ts'

export type Demo = (request: Request) => Promise<void>

export function demoCommand(demo: Demo): Command {
  const command = new Command('demo')
    .description('Run the server with a made-up company in it, to look around.')
    .addHelpText(
      'after',
      `
The demo keeps its data in a folder of its own, beside yours. The printed link signs you in.

Example:
  rapport demo --port 8080`,
    )
  return withData(withPort(command)).action(() => {
    const { config, output } = requestOf(command)
    return demo({ config: { ...config, dataFolder: join(config.dataFolder, 'demo') }, output })
  })
}
