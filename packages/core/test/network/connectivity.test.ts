import { describe, expect, it } from 'vitest'
import {
  type Evidence,
  learn,
  type NetworkState,
  unknownConnectivity,
} from '../../src/network/index.ts'

const platform = (isOnline: boolean): Evidence => ({ type: 'platform', isOnline })
const [yes, no] = [platform(true), platform(false)]
const answered: Evidence = { type: 'answered', key: 'a' }
const failed = (key: string): Evidence => ({ type: 'unreachable', key })

describe('connectivity', () => {
  it.each<[string, Evidence[], NetworkState]>([
    ['knows nothing at first', [], 'unknown'],
    ['does not believe a platform that says online', [yes], 'unknown'],
    ['believes one that says offline', [no], 'offline'],
    ['believes an answer', [answered], 'online'],
    ['believes an answer more than the platform', [no, answered], 'online'],
    ['believes a platform that says offline after an answer', [answered, no], 'offline'],
    ['takes back what it believed of the platform with it', [no, yes], 'unknown'],
    ['makes no new belief of what the platform has said before', [no, answered, no], 'online'],
    ['doubts after one failure', [answered, failed('a')], 'unknown'],
    [
      'still doubts when the same server fails again',
      [answered, failed('a'), failed('a')],
      'unknown',
    ],
    ['is sure when two servers fail in a row', [answered, failed('a'), failed('b')], 'offline'],
    ['forgets a failure after an answer', [failed('a'), answered, failed('b')], 'unknown'],
    ['is sure of a failed dial with the cable out', [answered, no, failed('a')], 'offline'],
    ['goes back to offline when the platform was right', [no, answered, failed('a')], 'offline'],
    [
      'stays offline when the first server fails once more',
      [failed('a'), failed('b'), failed('b')],
      'offline',
    ],
    ['begins anew when the platform says online', [failed('a'), failed('b'), no, yes], 'unknown'],
    ['then needs two failures again', [failed('a'), no, yes, failed('b')], 'unknown'],
    ['is online again after an answer', [failed('a'), failed('b'), answered], 'online'],
  ])('%s', (_, evidence, expected) => {
    expect(evidence.reduce(learn, unknownConnectivity).state).toBe(expected)
  })
})
