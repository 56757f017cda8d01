import {
  IconBuilding,
  IconChartSankey,
  IconCircles,
  IconHome,
  IconLayoutDashboard,
  IconPlugConnected,
  IconSettings,
  IconStairsUp,
  IconTerminal2,
  IconTelescope,
  IconUpload,
  IconUsers,
} from '@tabler/icons-react'

/** The pages in the order of the menu. `key` after `g` goes there. */
export const pages = [
  { to: '/', name: 'Home', key: 'h', icon: IconHome, about: 'The ladder, health, who moved' },
  { to: '/people', name: 'People', key: 'p', icon: IconUsers, about: 'Everyone, with search' },
  { to: '/accounts', name: 'Accounts', key: 'a', icon: IconBuilding, about: 'Companies' },
  {
    to: '/segments',
    name: 'Segments',
    key: 'e',
    icon: IconCircles,
    about: 'Who fulfils your conditions, and why',
  },
  {
    to: '/predictions',
    name: 'Predictions',
    key: 'n',
    icon: IconTelescope,
    about: 'Who is likely to do what next, and how well that was foretold',
  },
  {
    to: '/reports',
    name: 'Reports',
    key: 'r',
    icon: IconChartSankey,
    about: 'Flows, paths, reach, trust, funnels, attribution, network',
  },
  {
    to: '/explore',
    name: 'Explore',
    key: 'x',
    icon: IconTerminal2,
    about: 'Any question to the history, in SQL',
  },
  {
    to: '/dashboards',
    name: 'Dashboards',
    key: 'd',
    icon: IconLayoutDashboard,
    about: 'Reports pinned beside each other',
  },
  {
    to: '/sources',
    name: 'Sources',
    key: 's',
    icon: IconPlugConnected,
    about: 'What sends events, live events, rejects',
  },
  { to: '/import', name: 'Import', key: 'i', icon: IconUpload, about: 'CSV and NDJSON files' },
  {
    to: '/model',
    name: 'Model',
    key: 'm',
    icon: IconStairsUp,
    about: 'What counts, for how long, and what it means',
  },
  { to: '/settings', name: 'Settings', key: ',', icon: IconSettings, about: 'API keys, display' },
] as const

export type PagePath = (typeof pages)[number]['to']
