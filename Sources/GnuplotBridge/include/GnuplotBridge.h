// A C face for gnuplot-iostream: it writes gnuplot scripts with their data; it does not run gnuplot.
#pragma once
