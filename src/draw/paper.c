/* The file is made in memory, since what is drawn half-way must not take the place of an older one. */

#include "draw/paper.h"

#include "model/atomic.h"
#include "model/error.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>

static cairo_status_t
append_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
surface_for (const char *path, const char *title, double width, double height, GByteArray *bytes, double *scale)
{
  cairo_surface_t *surface = NULL;

  *scale = 1;
  if (g_str_has_suffix (path, ".svg"))
    surface = cairo_svg_surface_create_for_stream (append_cb, bytes, width, height);
  else if (g_str_has_suffix (path, ".pdf"))
    {
      *scale = 0.75;      /* points */
      surface = cairo_pdf_surface_create_for_stream (append_cb, bytes, width * *scale, height * *scale);
      if (title != NULL)
        cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
    }
  else if (g_str_has_suffix (path, ".png"))
    {
      *scale = MAX (MIN (2, 30000 / MAX (width, height)), 0.01);
      surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * *scale), (int) ceil (height * *scale));
    }
  return surface;
}

gboolean
eqs_paper_save (const char *path, const char *title, double width, double height, EqsPaperDraw draw, gpointer data, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  double                 scale;
  cairo_surface_t       *surface = surface_for (path, title, width, height, bytes, &scale);
  cairo_status_t         status;
  cairo_t               *cr;

  if (surface == NULL)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("%s: a picture is written as .svg, .png or .pdf."), path);
      return FALSE;
    }
  cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  draw (cr, width, height, data);
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && g_str_has_suffix (path, ".png"))
    status = cairo_surface_write_to_png_stream (surface, append_cb, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("%s: the picture could not be drawn (%s)."), path, cairo_status_to_string (status));
      return FALSE;
    }
  return eqs_file_write_atomic (path, bytes->data, (gssize) bytes->len, error);
}
