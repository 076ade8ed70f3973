# Draws roc.pdf, roc.svg and roc.png from roc.dat: gnuplot roc.gp
set encoding utf8
data = "roc.dat"
set border 3 linewidth 0.8
set tics nomirror out scale 0.6
set key noenhanced samplen 2.5 spacing 1.15
set size ratio 1
set xrange [0:1]
set yrange [0:1.005]
set xtics 0.2
set ytics 0.2
set xlabel "False-positive rate"
set ylabel "True-positive rate"
set key bottom right title "AUROC in percent" Left reverse
do for [format in "pdf svg png"] {
  if (format eq "pdf") { set terminal pdfcairo size 8.5cm,7.6cm font "sans,8" }
  if (format eq "svg") { set terminal svg size 560,500 dynamic font "sans,13" background "white" }
  if (format eq "png") { set terminal pngcairo size 1340,1200 font "sans,11" fontscale 2.4 linewidth 2.4 background "white" }
  set output "roc.".format
  plot \
    x with lines linewidth 0.6 dashtype (2,4) linecolor rgb "#999999" notitle, \
    data index 1 using 1:2 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#0072B2" notitle, \
    data index 0 using 1:2 with lines linewidth 1.6 dashtype solid linecolor rgb "#0072B2" title "FALCON, 2 shots: 93.4 ± 2.2", \
    data index 3 using 1:2 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#D55E00" notitle, \
    data index 2 using 1:2 with lines linewidth 1.6 dashtype (14,4) linecolor rgb "#D55E00" title "FALCON, 5 shots: 98.5 ± 1.4", \
    data index 5 using 1:2 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#009E73" notitle, \
    data index 4 using 1:2 with lines linewidth 1.6 dashtype (3,3) linecolor rgb "#009E73" title "STPM_{50%}, 2 shots: 89.4 ± 0.5", \
    data index 7 using 1:2 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb "#CC79A7" notitle, \
    data index 6 using 1:2 with lines linewidth 1.6 dashtype (14,4,3,4) linecolor rgb "#CC79A7" title "STPM_{50%}, 5 shots: 94.6 ± 2.7"
}
set output
