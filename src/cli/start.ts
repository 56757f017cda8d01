import { Command } from 'commander'
import { requestOf, withData, withPort, type Request } from './common-options.ts'

export type Start = (request: Request) => Promise<void>

export function startCommand(start: Start): Command {
  const command = new Command('start')
    .description('Run the server: collect touchpoints, measure relationships, serve the web app.')
    .addHelpText(
      'after',
      `
On the first start it prints a link with which you make your account, and an API key.

Example:
  rapport start --port 8080 --data /var/lib/rapport`,
    )
  return withData(withPort(command)).action(() => start(requestOf(command)))
}
