// Cannot be run.
import './no-such-module'
import { test } from 'vitest'

test('never runs', () => {})
