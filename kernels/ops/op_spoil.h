#pragma once

/** Operation "spoil": breaks the symmetry of its input on purpose (eqk/program.h, EqkMutation). in: x; out: y, same width. */
typedef struct
{
  int    kind;        /**< EqkMutation */
  int    a, b;        /**< channels concerned; b == a: the field has one; random: a numbers the tensor */
  double strength;
} EqkSpoilParams;
