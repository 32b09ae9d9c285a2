#pragma once

/** Error over turns of space: a dot on a ball at the axis of each turn, in a colour by the size of the error. */

#include "draw/fields.h"
#include "draw/space.h"

G_BEGIN_DECLS

enum { EQS_ERROR_STEPS = 4 };

/** Which colour an error has: up to a hundredth of the limit, up to a tenth, up to the limit, above. A NaN is above. */
int     eqs_error_step        (double error, double limit);
/** 0xRRGGBB of step 0 … EQS_ERROR_STEPS - 1, from blue to red; others are clamped. */
guint32 eqs_error_step_colour (int step);
/**
 * @param q         [n][4] turns  @param inverted (nullable) [n] drawn as rings
 * @param at        (nullable) the turn that is shown elsewhere: a line to its axis
 */
void    eqs_draw_error_ball   (cairo_t *cr, const double (*q)[4], const gboolean *inverted, const double *error, guint n, double limit, const double at[4],
                               const EqsCamera *camera, const EqsFieldTheme *theme, double x, double y, double size);

G_END_DECLS
