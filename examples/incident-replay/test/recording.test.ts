import { describe, expect, it } from 'vitest'
import { type LiveEvent, Recording } from '../src/live/recording.ts'
import { ending, frame } from './recorded.ts'

describe('Recording', () => {
  it('keeps all for who comes later, and tells who is there until they go', () => {
    const recording = new Recording()
    const heard: LiveEvent[] = []
    recording.add(frame(0))
    const unfollow = recording.follow((event) => heard.push(event))
    recording.add(frame(1))
    recording.end(ending)
    unfollow()
    recording.add(frame(2))
    expect(heard).toEqual([
      { type: 'frame', frame: frame(1) },
      { type: 'ending', ending },
    ])
    expect(recording.recorded).toEqual({ frames: [frame(0), frame(1), frame(2)], ending })
  })
})
