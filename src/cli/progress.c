/* The progress bar. It is drawn at most eight times a second, and never where nobody can see it move. */

#include "cli/progress.h"
#include "cli/run.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_CELLS 24

void
eqs_cli_progress_init (EqsCliProgress *self)
{
  *self = (EqsCliProgress) { .terminal = isatty (STDERR_FILENO) };
}

static void
format_time (char *text, gsize size, double seconds)
{
  if (seconds < 0)
    g_snprintf (text, size, "–:––");
  else if (seconds < 3600)
    g_snprintf (text, size, "%d:%02d", (int) seconds / 60, (int) seconds % 60);
  else
    g_snprintf (text, size, "%d:%02d:%02d", (int) seconds / 3600, (int) seconds / 60 % 60, (int) seconds % 60);
}

static void
draw_bar (const EqsTrainProgress *p)
{
  const double done = p->left >= 0 && p->elapsed + p->left > 0 ? p->elapsed / (p->elapsed + p->left) : 0;
  const int    full = (int) (done * BAR_CELLS);
  char         left[32], epochs[24] = "";
  GString     *bar = g_string_new ("\r\033[K");

  format_time (left, sizeof left, p->left);
  if (p->epochs > 0)
    g_snprintf (epochs, sizeof epochs, "/%u", p->epochs);
  for (int i = 0; i < BAR_CELLS; i++)
    g_string_append (bar, i < full ? "━" : "─");
  g_string_append_printf (bar, _(" epoch %u%s, batch %u/%u, %.0f samples/s, %s left, loss %.4g"), p->epoch, epochs, p->step, p->steps, p->rate, left, p->loss);
  if (p->valid != NULL && p->valid->len > 0)
    {
      g_autofree char *metric = eqs_cli_metric_text (&g_array_index (p->valid, EqsMetric, 0));

      g_string_append_printf (bar, ", %s", metric);
    }
  if (p->symmetry_error >= 0)
    g_string_append_printf (bar, _(", symmetry %.1e"), p->symmetry_error);
  fputs (bar->str, stderr);
  fflush (stderr);
  g_string_free (bar, TRUE);
}

static void
tell_epoch (EqsCliProgress *self, const EqsTrainProgress *p)
{
  g_autofree char *valid = eqs_cli_metrics_text (p->valid);
  char             left[32], epochs[24] = "", symmetry[48] = "";

  format_time (left, sizeof left, p->left);
  if (p->epochs > 0)
    g_snprintf (epochs, sizeof epochs, _(" of %u"), p->epochs);
  if (p->symmetry_error >= 0)
    g_snprintf (symmetry, sizeof symmetry, _(", symmetry error %.1e"), p->symmetry_error);
  if (self->terminal)
    fputs ("\r\033[K", stderr);
  fprintf (stderr, _("epoch %u%s: loss %.4g, validation %s%s, %.0f samples/s, %s left\n"), p->epoch, epochs, p->loss, valid, symmetry, p->rate, left);
}

void
eqs_cli_progress_tell (const EqsTrainProgress *p, gpointer data)
{
  EqsCliProgress *self = data;
  const gint64    now = g_get_monotonic_time ();

  if (p->epoch_done && p->epoch != self->epoch)
    {
      self->epoch = p->epoch;
      tell_epoch (self, p);
    }
  else if (self->terminal && !p->epoch_done && now - self->drawn > G_USEC_PER_SEC / 8)
    {
      self->drawn = now;
      draw_bar (p);
    }
}

void
eqs_cli_progress_end (EqsCliProgress *self)
{
  if (self->terminal)
    fputs ("\r\033[K", stderr);
}
