/** The load in a process of its own (`startLoad` starts it): its cost is told apart from the server's. */
import { load, type LoadPlan } from './load.ts'

process.once('message', async (plan: LoadPlan) => {
  const result = await load(plan)
  const { user, system } = process.cpuUsage()
  process.send?.({ ...result, processorTime: (user + system) / 1_000 }, () => process.disconnect())
})
