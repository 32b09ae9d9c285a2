#pragma once

#include "eqk/layer.h"

/**
 * A sentence (EQK_N_, without straight double quotes) behind the reason of the problem raised last: why nothing mends it. It stands among
 * the problem's arguments as "note"; whoever shows the problem translates it.
 */
void eqk_infer_note (EqkInfer *ctx, const char *text);
