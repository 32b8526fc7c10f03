import { render } from 'preact'
import { App } from './app.tsx'
import { followLinks } from './location.ts'
import { loadSession } from './session.ts'

const root = document.querySelector('#app')
followLinks()
void loadSession()
if (root) render(<App />, root)
