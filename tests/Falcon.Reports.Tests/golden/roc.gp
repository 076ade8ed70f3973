# Draws roc.pdf, roc.svg and roc.png from roc.dat: gnuplot roc.gp
set encoding utf8
set datafile columnheaders
data = "roc.dat"
set tics nomirror out scale 0.6
set border 3 linewidth 0.8
set size ratio 1
set xrange [0:1]
set xlabel "False-positive rate"
set xtics 0.2
set yrange [0:1.005]
set ylabel "True-positive rate"
set ytics 0.2
set key outside above center horizontal maxcols 1 Left reverse samplen 2.5 title "AUROC in percent"
do for [format in "pdf svg png"] {
  if (format eq "pdf") { set terminal pdfcairo rounded noenhanced size 8.5cm,9.7cm font "sans,8" }
  if (format eq "svg") { set terminal svg rounded noenhanced size 560,639 dynamic font "sans,13" background "white" }
  if (format eq "png") { set terminal pngcairo rounded noenhanced size 1340,1529 font "sans,11" fontscale 2.4 linewidth 2.4 pointscale 2.2 background "white" }
  set output "roc.".format
  plot \
    data using 1:2 with lines linewidth 0.8 dashtype (1,8) linecolor rgb "#808080" notitle, \
    data using 3:4 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#0072B2" notitle, \
    data using 5:6 with lines linewidth 1.6 dashtype solid linecolor rgb "#0072B2" title "FALCON, 2 shots: 93.4 ± 2.2", \
    data using 7:8 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#D55E00" notitle, \
    data using 9:10 with lines linewidth 1.6 dashtype (14,8) linecolor rgb "#D55E00" title "FALCON, 5 shots: 98.5 ± 1.4", \
    data using 11:12 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#009E73" notitle, \
    data using 13:14 with lines linewidth 1.6 dashtype (2,7) linecolor rgb "#009E73" title "STPM_{50%}, 2 shots: 89.4 ± 0.5", \
    data using 15:16 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#CC79A7" notitle, \
    data using 17:18 with lines linewidth 1.6 dashtype (14,8,2,8) linecolor rgb "#CC79A7" title "STPM_{50%}, 5 shots: 94.6 ± 2.7"
}
set output
