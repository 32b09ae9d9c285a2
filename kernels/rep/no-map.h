#pragma once

#include "eqk/rep.h"

/**
 * Whether for some part of `to` it is proven that every continuous equivariant map from `from`, linear or not, is zero there: what keeps
 * the values of one side as they are changes every value of that part. Of finite groups this is exact; in space false may also mean that
 * it is not known. About values at one place: what looks at neighbours can make more.
 */
bool eqk_rep_has_no_map (const EqkRep *from, const EqkRep *to);
