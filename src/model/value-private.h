#pragma once

#include "model/value.h"

/** For the reader only: remembers the line of a value nobody else has seen yet. */
void eqs_value_set_line (EqsValue *self, guint line);
