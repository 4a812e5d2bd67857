import { isSnowflake } from '../store/snowflakes.ts'
import { type FieldError, invalidForm } from './api-error.ts'

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>

interface Length {
  readonly required?: boolean | undefined
  readonly min?: number | undefined
  readonly max: number
}

const required: FieldError = { code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }

const isAbsent = (value: unknown) => value === undefined || value === null

/** Reads the fields of a body and notes what is wrong with each, to tell all of it at once. */
export class Form {
  readonly #fields: Fields
  readonly #errors: Record<string, FieldError> = {}

  constructor(fields: Fields) {
    this.#fields = fields
  }

  string(name: string, { required: isRequired = false, min = 0, max }: Length): string | undefined {
    const value = this.#read(name, isRequired)
    if (isAbsent(value)) return undefined
    if (typeof value !== 'string' && typeof value !== 'number') {
      this.fail(name, 'STRING_TYPE_CONVERT', `Could not interpret "${value}" as string.`)
      return undefined
    }
    const text = String(value)
    // Discord counts code points, so an emoji is one.
    const length = [...text].length
    if (length > max && min === 0) {
      this.fail(name, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
    } else if (length > max || length < min) {
      this.fail(name, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
    }
    return text
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.#read(name, false)
    if (isAbsent(value)) return undefined
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      this.fail(name, 'NUMBER_TYPE_COERCE', `Value "${value}" is not int.`)
      return undefined
    }
    if (number < min) {
      this.fail(name, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`)
    } else if (number > max) {
      this.fail(name, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`)
    }
    return number
  }

  snowflake(name: string, isRequired = false): string | undefined {
    const value = this.#read(name, isRequired)
    if (isAbsent(value)) return undefined
    const id = String(value)
    if (isSnowflake(id)) return id
    this.fail(name, 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`)
    return undefined
  }

  list(name: string, max: number): readonly unknown[] {
    const value = this.#read(name, false)
    if (isAbsent(value)) return []
    if (!Array.isArray(value)) {
      this.fail(name, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType')
      return []
    }
    if (value.length > max) {
      this.fail(name, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`)
    }
    return value
  }

  object(name: string): Fields | undefined {
    const value = this.#read(name, false)
    if (isAbsent(value)) return undefined
    if (typeof value === 'object' && !Array.isArray(value)) return value as Fields
    this.fail(name, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType')
    return undefined
  }

  fail(path: string, code: string, message: string): void {
    this.#errors[path] ??= { code, message }
  }

  /** @throws ApiError 50035 when a field was wrong */
  check(): void {
    if (Object.keys(this.#errors).length > 0) throw invalidForm(this.#errors)
  }

  #read(name: string, isRequired: boolean): unknown {
    const value = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined
    if (isRequired && isAbsent(value)) this.fail(name, required.code, required.message)
    return value
  }
}
