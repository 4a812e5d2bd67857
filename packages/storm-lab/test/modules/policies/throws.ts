throw new Error('it broke\nhere')
