import { describe, expect, it } from 'vitest'
import { ApiError } from '../src/routes/api-error.ts'
import { type Fields, Form } from '../src/routes/form.ts'

function errorsOf(fields: Fields, read: (form: Form) => void): unknown {
  const form = new Form(fields)
  read(form)
  try {
    form.check()
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 400, code: 50035, message: 'Invalid Form Body' })
    return (error as ApiError).errors
  }
}

const wrong = (code: string, message: string) => ({ _errors: [{ code, message }] })

describe('a form', () => {
  it.each<[string, Fields, (form: Form) => void, unknown]>([
    [
      'a text that is too long',
      { content: 'x'.repeat(2_001) },
      (form) => form.string('content', { max: 2_000 }),
      { content: wrong('BASE_TYPE_MAX_LENGTH', 'Must be 2000 or fewer in length.') },
    ],
    [
      'a text out of its bounds',
      { name: '' },
      (form) => form.string('name', { min: 1, max: 100 }),
      { name: wrong('BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.') },
    ],
    [
      'a text that is none',
      { content: {} },
      (form) => form.string('content', { max: 1 }),
      { content: wrong('STRING_TYPE_CONVERT', 'Could not interpret "[object Object]" as string.') },
    ],
    [
      'a field that must be there',
      { recipient_id: null },
      (form) => form.snowflake('recipient_id', true),
      { recipient_id: wrong('BASE_TYPE_REQUIRED', 'This field is required') },
    ],
    [
      'a number that is none',
      { limit: 'many' },
      (form) => form.integer('limit', 1, 100),
      { limit: wrong('NUMBER_TYPE_COERCE', 'Value "many" is not int.') },
    ],
    [
      'a number that is too small',
      { limit: 0 },
      (form) => form.integer('limit', 1, 100),
      { limit: wrong('NUMBER_TYPE_MIN', 'int value should be greater than or equal to 1.') },
    ],
    [
      'a number that is too large',
      { limit: '101' },
      (form) => form.integer('limit', 1, 100),
      { limit: wrong('NUMBER_TYPE_MAX', 'int value should be less than or equal to 100.') },
    ],
    [
      'a list that is none',
      { embeds: {} },
      (form) => form.list('embeds', 10),
      { embeds: wrong('LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType') },
    ],
    [
      'an object that is none',
      { allowed_mentions: [] },
      (form) => form.object('allowed_mentions'),
      {
        allowed_mentions: wrong(
          'MODEL_TYPE_CONVERT',
          'Only dictionaries may be used in a ModelType',
        ),
      },
    ],
    [
      'what lies deep inside',
      {},
      (form) => form.fail('embeds.0.title', 'CODE', 'why'),
      { embeds: { 0: { title: wrong('CODE', 'why') } } },
    ],
  ])('tells of %s', (_, fields, read, errors) => {
    expect(errorsOf(fields, read)).toEqual(errors)
  })

  it('counts an emoji as one', () => {
    const fields = { content: '👍'.repeat(2_000) }
    expect(errorsOf(fields, (form) => form.string('content', { max: 2_000 }))).toBeUndefined()
  })

  it('never reads what an object inherits', () => {
    expect(new Form({}).string('constructor', { max: 1 })).toBeUndefined()
  })

  it('tells of every wrong field at once', () => {
    const errors = errorsOf({ a: 'xx', b: [] }, (form) => {
      form.string('a', { max: 1 })
      form.object('b')
    })
    expect(Object.keys(errors as object)).toEqual(['a', 'b'])
  })
})
