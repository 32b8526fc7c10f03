/** Every page: its address, its name, a short name for narrow screens, and its icon; those that others lead to are in no menu. */
export const pages = [
  { path: '/findings', name: 'Findings', short: 'Findings', icon: 'findings' },
  { path: '/', name: 'Dashboard', short: 'Dashboard', icon: 'dashboard' },
  { path: '/cost', name: 'Cost', short: 'Cost', icon: 'cost' },
  { path: '/chat', name: 'Chat', short: 'Chat', icon: 'chat' },
  { path: '/sql', name: 'SQL console', short: 'SQL', icon: 'sql' },
  { path: '/admin', name: 'Mission control', short: 'Mission', icon: 'admin' },
  { path: '/explain', name: 'Explain', short: 'Explain', icon: 'spark' },
  { path: '/connect', name: 'Connect', short: 'Connect', icon: 'connect' },
] as const

/** The pages that menus list. */
export const menuPages = pages.filter(({ path }) => path !== '/explain')

export type PagePath = (typeof pages)[number]['path']

/** The page at an address; undefined where there is none. */
export function pageAt(path: string): (typeof pages)[number] | undefined {
  return pages.find((page) => page.path === path)
}
