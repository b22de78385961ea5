# regime: fails, DLM's lowest validation loss − AR's, slope per tenfold r: −0.35 nats
# The data come first; `gnuplot` on this file, in its directory, draws the SVG and the PNG again.
# `marks`, `rows`, `lift` and `reach` even out how the two terminals size points and place legends and tics.
reset session
set encoding utf8

# world: loss, narrower models: dots (x, y)
$panel1_series1_dots << e
0.25 2.011338188
0.25 2.075517639
0.25 1.827471146
0.7499681569 1.42501685
0.7499681569 1.501510295
0.7499681569 1.489701565
2 1.329627383
2 1.412463353
2 1.578127263
8 0.3886163684
8 0.2425212206
8 0.330579779
24.0076555 1.016565013
24.0076555 1.040132036
24.0076555 0.9031779245
64 0.752208692
64 0.7590505678
64 0.5663692679
e
# world: loss, wider: dots (x, y)
$panel1_series2_dots << e
0.25 0.6427315337
0.25 0.5253033301
0.25 0.561009207
0.7499925264 0.4375417645
0.7499925264 0.4255109558
0.7499925264 0.4019285588
2 0.06343619673
2 0.07301689104
2 0.0833413644
8 0.0135810237
8 -0.01133085235
8 0.06191618442
24.00197385 0.1394450848
24.00197385 -0.07573527163
24.00197385 0.01275407042
64 0.1755279652
64 0.2785318215
64 0.2094703576
e
# world: loss, mean of both: band (x, low, high)
$panel1_series3_band << e
0.25 1.099369634 1.448420714
0.7499803416 0.9067707398 0.9869659234
2 0.587308034 0.9260294498
8 0.05167624325 0.290284998
24.00481451 0.348372424 0.6637405284
64 0.2936107329 0.6201088245
e
# world: loss, mean of both: line (x, y)
$panel1_series3_line << e
0.25 1.273895174
0.7499803416 0.9468683316
2 0.7566687419
8 0.1709806206
24.00481451 0.5060564762
64 0.4568597787
e
# world: loss, the paper: dots (x, y)
$panel1_series4_dots << e
0.01 0.37
0.1 0.3
0.67 -0.12
1 -0.25
2 -0.6
8 -0.8
e
# world: loss, the paper: line (x, y)
$panel1_series4_line << e
0.01 0.37
0.1 0.3
0.67 -0.12
1 -0.25
2 -0.6
8 -0.8
e
# world: accuracy (endings, knowledge), narrower models: dots (x, y)
$panel2_series1_dots << e
0.25 0.09166666667
0.25 -0.0125
0.25 0.04583333333
0.7499681569 -0.1041666667
0.7499681569 -0.1083333333
0.7499681569 -0.04583333333
2 -0.0875
2 -0.1166666667
2 -0.05833333333
8 -0.02083333333
8 -0.1791666667
8 -0.1875
24.0076555 -0.09166666667
24.0076555 0
24.0076555 -0.09166666667
64 -0.075
64 -0.06666666667
64 -0.075
e
# world: accuracy (endings, knowledge), wider: dots (x, y)
$panel2_series2_dots << e
0.25 0.5541666667
0.25 0.5583333333
0.25 0.5791666667
0.7499925264 0.2625
0.7499925264 0.1625
0.7499925264 0.25
2 -0.0625
2 -0.07916666667
2 0.08333333333
8 -0.08333333333
8 -0.1583333333
8 -0.06666666667
24.00197385 -0.05833333333
24.00197385 -0.1041666667
24.00197385 0.02916666667
64 -0.05
64 -0.025
64 -0.04583333333
e
# world: accuracy (endings, knowledge), mean of both: band (x, low, high)
$panel2_series3_band << e
0.25 0.2372468463 0.3683087093
0.7499803416 -0.02602989762 0.1649187865
2 -0.1982261471 0.09128170262
8 -0.2628385609 0.03089411644
24.00481451 -0.1071388232 0.00158326764
64 -0.0788085526 -0.0336914474
e
# world: accuracy (endings, knowledge), mean of both: line (x, y)
$panel2_series3_line << e
0.25 0.3027777778
0.7499803416 0.06944444444
2 -0.05347222222
8 -0.1159722222
24.00481451 -0.05277777778
64 -0.05625
e
# world: accuracy (endings, knowledge), the paper: dots (x, y)
$panel2_series4_dots << e
0.01 0.075
0.1 0.065
0.67 -0.01
1 -0.0435
2 -0.0735
8 -0.095
e
# world: accuracy (endings, knowledge), the paper: line (x, y)
$panel2_series4_line << e
0.01 0.075
0.1 0.065
0.67 -0.01
1 -0.0435
2 -0.0735
8 -0.095
e
# King James Bible: loss, narrower models: dots (x, y)
$panel3_series1_dots << e
0.25 1.132874058
0.25 1.117357532
0.25 1.075272765
0.7499681569 0.7523644378
0.7499681569 0.8050235402
0.7499681569 0.6460348286
2 0.2652880043
2 0.3114406108
2 0.1757585716
8 0.09003609283
8 0.1640044957
8 0.1010570778
24.0076555 0.1406075379
24.0076555 0.1367728712
24.0076555 0.02729629823
64 0.04953160479
64 0.0161758014
64 0.002429155155
e
# King James Bible: loss, wider: dots (x, y)
$panel3_series2_dots << e
0.25 0.9307700808
0.25 0.9776285325
0.25 0.9835479864
0.7499925264 0.3758392759
0.7499925264 0.3846827424
0.7499925264 0.425939624
2 0.001178879056
2 0.05847835097
2 0.1640159381
8 0.03056111706
8 0.03388544416
8 0.04619283911
24.00197385 0.4479828811
24.00197385 0.4765757863
24.00197385 0.4184876161
64 0.3766678723
64 0.3650540865
64 0.3506316537
e
# King James Bible: loss, mean of both: band (x, low, high)
$panel3_series3_band << e
0.25 1.01185216 1.060631492
0.7499803416 0.4918407782 0.6381207047
2 0.09660834774 0.2287784372
8 0.02885695593 0.126388733
24.00481451 0.16227835 0.3869626469
64 0.1475956892 0.2392343687
e
# King James Bible: loss, mean of both: line (x, y)
$panel3_series3_line << e
0.25 1.036241826
0.7499803416 0.5649807415
2 0.1626933925
8 0.07762284445
24.00481451 0.2746204985
64 0.193415029
e
# King James Bible: accuracy (cloze), narrower models: dots (x, y)
$panel4_series1_dots << e
0.25 0.225
0.25 0.275
0.25 0.2
0.7499681569 0.1333333333
0.7499681569 0.2666666667
0.7499681569 0.2083333333
2 0.01666666667
2 0.05
2 0.075
8 0
8 0.008333333333
8 0.1
24.0076555 0.03333333333
24.0076555 0.06666666667
24.0076555 0.04166666667
64 0.1416666667
64 -0.025
64 0.025
e
# King James Bible: accuracy (cloze), wider: dots (x, y)
$panel4_series2_dots << e
0.25 0.1333333333
0.25 0.2
0.25 0.125
0.7499925264 0.008333333333
0.7499925264 -0.1083333333
0.7499925264 0.06666666667
2 0.05833333333
2 -0.05
2 0.09166666667
8 0.03333333333
8 0.01666666667
8 0.04166666667
24.00197385 0.05833333333
24.00197385 -0.025
24.00197385 -0.03333333333
64 -0.05
64 0.025
64 0.04166666667
e
# King James Bible: accuracy (cloze), mean of both: band (x, low, high)
$panel4_series3_band << e
0.25 0.09522574876 0.2908853624
0.7499803416 0.005599122939 0.1860675437
2 -0.06340032626 0.1439558818
8 -0.04750723233 0.114173899
24.00481451 -0.02848563455 0.07570785677
64 -0.03246696515 0.08524474292
e
# King James Bible: accuracy (cloze), mean of both: line (x, y)
$panel4_series3_line << e
0.25 0.1930555556
0.7499803416 0.09583333333
2 0.04027777778
8 0.03333333333
24.00481451 0.02361111111
64 0.02638888889
e

do for [format in "svg png"] {
  if (format eq "svg") {
    marks = 0.5; rows = 0.94; lift = 0.34; reach = 0.4
    set terminal svg enhanced size 1160,1285 fixed font "sans-serif,20" background "#ffffff"
    set output "./regime.svg"
  } else {
    marks = 1; rows = 1.15; lift = 0; reach = 0
    set terminal pngcairo enhanced size 1160,1285 fontscale 0.75 font "sans-serif,20" background "#ffffff"
    set output "./regime.png"
  }
  set multiplot
  set border 3 lw 1.2 lc rgb "#444444"
  set tics nomirror out scale 0.6 textcolor rgb "#222222" font ",18"
  set grid xtics ytics back lt 1 dt 1 lw 1 lc rgb "#e4e4e4"
  set style fill solid noborder
  set label "{/:Bold regime: fails, DLM's lowest validation}" at screen 0.5, screen 0.97821 center font ",26" textcolor rgb "#111111"
  set label "{/:Bold loss − AR's, slope per tenfold r: −0.35 nats}" at screen 0.5, screen 0.95019 center font ",26" textcolor rgb "#111111"
  set label "the more parameters there are per unique token, the further the DLM falls behind AR" at screen 0.5, screen 0.92529 center font ",19" textcolor rgb "#666666"
  set label "Fails. DLM's lowest validation loss − AR's, slope per tenfold r: −0.35 nats [−0.38, −0.33]; AR's best" at screen 0.02069, screen 0.10895 left font ",19" textcolor rgb "#333333"
  set label "accuracy − DLM's best, slope per tenfold r: −12.9 points [−16.9, −8.8]; at this scale (6 values of r from" at screen 0.02069, screen 0.08716 left font ",19" textcolor rgb "#333333"
  set label "0.25 to 64, world corpus)" at screen 0.02069, screen 0.06537 left font ",19" textcolor rgb "#333333"
  set label "dots: two runs of a seed each; lines: means over seeds and widths; dashed: the paper's models; bands: 95 %" at screen 0.02069, screen 0.04358 left font ",19" textcolor rgb "#333333"
  set label "intervals over seeds; preset ci" at screen 0.02069, screen 0.02179 left font ",19" textcolor rgb "#333333"

  # panel 1: world: loss
  set lmargin at screen 0.09710
  set rmargin at screen 0.47759
  set tmargin at screen 0.85914
  set bmargin at screen 0.59455
  set logscale x
  set xrange [0.007688021705:83.24638308]
  set xtics ("" 0.008 1, "" 0.009 1, "0.01" 0.01, "" 0.02 1, "" 0.03 1, "" 0.04 1, "" 0.05 1, "" 0.06 1, "" 0.07 1, "" 0.08 1, "" 0.09 1, "0.1" 0.1, "" 0.2 1, "" 0.3 1, "" 0.4 1, "" 0.5 1, "" 0.6 1, "" 0.7 1, "" 0.8 1, "" 0.9 1, "1" 1, "" 2 1, "" 3 1, "" 4 1, "" 5 1, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "" 20 1, "" 30 1, "" 40 1, "" 50 1, "" 60 1, "" 70 1, "" 80 1) offset 0,lift
  set yrange [-0.8862655292:2.161783169]
  set ytics ("−0.5" -0.5, "0" 0, "0.5" 0.5, "1.0" 1, "1.5" 1.5, "2.0" 2) offset reach,0
  set label "{/:Bold world: loss}" at screen 0.28734, screen 0.89572 center font ",20" textcolor rgb "#222222"
  set label "a dot is a seed's two runs; above zero AR is ahead" at screen 0.28734, screen 0.87004 center font ",18" textcolor rgb "#666666"
  set label "parameters per unique token" at screen 0.28734, screen 0.55253 center font ",20" textcolor rgb "#222222"
  set label "DLM − AR (nats per token)" at screen 0.02241, screen 0.72685 rotate by 90 center font ",20" textcolor rgb "#222222"
  set key at screen 0.02069, screen 0.15331 left top vertical maxrows 1 notitle Left reverse samplen 1.6 spacing rows width 0 font ",19" textcolor rgb "#222222"
  set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "level" at graph 0.6186, first 0 left offset 0,-0.6 front font ",18" textcolor rgb "#555555"
  plot $panel1_series3_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel1_series1_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40009e73" notitle, \
    $panel1_series2_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40e69f00" notitle, \
    $panel1_series4_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e5b5b5b" notitle, \
    $panel1_series3_line using 1:2 with lines lw 2.6 lc rgb "#9a50a0" notitle, \
    $panel1_series4_line using 1:2 with lines lw 2.6 dt (14,7) lc rgb "#5b5b5b" notitle, \
    keyentry with points pt 7 ps 1.1*marks lc rgb "#009e73" title "narrower models", \
    keyentry with points pt 7 ps 1.1*marks lc rgb "#e69f00" title "wider", \
    keyentry with lines lw 2.6 lc rgb "#9a50a0" title "mean of both", \
    keyentry with linespoints lw 2.6 dt (14,7) pt 7 ps 0.8*marks lc rgb "#5b5b5b" title "the paper"
  unset label
  unset arrow
  unset logscale x

  # panel 2: world: accuracy (endings, knowledge)
  set lmargin at screen 0.59710
  set rmargin at screen 0.97759
  set tmargin at screen 0.85914
  set bmargin at screen 0.59455
  set logscale x
  set xrange [0.007688021705:83.24638308]
  set xtics ("" 0.008 1, "" 0.009 1, "0.01" 0.01, "" 0.02 1, "" 0.03 1, "" 0.04 1, "" 0.05 1, "" 0.06 1, "" 0.07 1, "" 0.08 1, "" 0.09 1, "0.1" 0.1, "" 0.2 1, "" 0.3 1, "" 0.4 1, "" 0.5 1, "" 0.6 1, "" 0.7 1, "" 0.8 1, "" 0.9 1, "1" 1, "" 2 1, "" 3 1, "" 4 1, "" 5 1, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "" 20 1, "" 30 1, "" 40 1, "" 50 1, "" 60 1, "" 70 1, "" 80 1) offset 0,lift
  set yrange [-0.2880987177:0.6044268235]
  set ytics ("−20%%" -0.2, "0%%" 0, "20%%" 0.2, "40%%" 0.4, "60%%" 0.6) offset reach,0
  set label "{/:Bold world: accuracy (endings, knowledge)}" at screen 0.78734, screen 0.89572 center font ",20" textcolor rgb "#222222"
  set label "a dot is a seed's two runs; above zero AR is ahead" at screen 0.78734, screen 0.87004 center font ",18" textcolor rgb "#666666"
  set label "parameters per unique token" at screen 0.78734, screen 0.55253 center font ",20" textcolor rgb "#222222"
  set label "AR − DLM" at screen 0.52241, screen 0.72685 rotate by 90 center font ",20" textcolor rgb "#222222"
  unset key
  set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "level" at graph 0.2386, first 0 left offset 0,-0.6 front font ",18" textcolor rgb "#555555"
  plot $panel2_series3_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel2_series1_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40009e73" notitle, \
    $panel2_series2_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40e69f00" notitle, \
    $panel2_series4_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e5b5b5b" notitle, \
    $panel2_series3_line using 1:2 with lines lw 2.6 lc rgb "#9a50a0" notitle, \
    $panel2_series4_line using 1:2 with lines lw 2.6 dt (14,7) lc rgb "#5b5b5b" notitle
  unset label
  unset arrow
  unset logscale x

  # panel 3: King James Bible: loss
  set lmargin at screen 0.08748
  set rmargin at screen 0.47759
  set tmargin at screen 0.47860
  set bmargin at screen 0.21401
  set logscale x
  set xrange [0.2116863281:75.58353033]
  set xtics ("" 0.3 1, "" 0.4 1, "0.5" 0.5, "" 0.6 1, "" 0.7 1, "" 0.8 1, "" 0.9 1, "1" 1, "2" 2, "" 3 1, "" 4 1, "5" 5, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "20" 20, "" 30 1, "" 40 1, "50" 50, "" 60 1, "" 70 1) offset 0,lift
  set yrange [-0.03398622175:1.16686028]
  set ytics ("0" -0, "0.2" 0.2, "0.4" 0.4, "0.6" 0.6, "0.8" 0.8, "1.0" 1) offset reach,0
  set label "{/:Bold King James Bible: loss}" at screen 0.28253, screen 0.51518 center font ",20" textcolor rgb "#222222"
  set label "a dot is a seed's two runs; above zero AR is ahead" at screen 0.28253, screen 0.48949 center font ",18" textcolor rgb "#666666"
  set label "parameters per unique token" at screen 0.28253, screen 0.17198 center font ",20" textcolor rgb "#222222"
  set label "DLM − AR (nats per token)" at screen 0.02241, screen 0.34630 rotate by 90 center font ",20" textcolor rgb "#222222"
  unset key
  set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "level" at graph 0.8417, first 0 left offset 0,0.55 front font ",18" textcolor rgb "#555555"
  plot $panel3_series3_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel3_series1_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40009e73" notitle, \
    $panel3_series2_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40e69f00" notitle, \
    $panel3_series3_line using 1:2 with lines lw 2.6 lc rgb "#9a50a0" notitle
  unset label
  unset arrow
  unset logscale x

  # panel 4: King James Bible: accuracy (cloze)
  set lmargin at screen 0.59710
  set rmargin at screen 0.97759
  set tmargin at screen 0.47860
  set bmargin at screen 0.21401
  set logscale x
  set xrange [0.2116863281:75.58353033]
  set xtics ("" 0.3 1, "" 0.4 1, "0.5" 0.5, "" 0.6 1, "" 0.7 1, "" 0.8 1, "" 0.9 1, "1" 1, "2" 2, "" 3 1, "" 4 1, "5" 5, "" 6 1, "" 7 1, "" 8 1, "" 9 1, "10" 10, "20" 20, "" 30 1, "" 40 1, "50" 50, "" 60 1, "" 70 1) offset 0,lift
  set yrange [-0.1203098942:0.3028619232]
  set ytics ("−10%%" -0.1, "0%%" 0, "10%%" 0.1, "20%%" 0.2, "30%%" 0.3) offset reach,0
  set label "{/:Bold King James Bible: accuracy (cloze)}" at screen 0.78734, screen 0.51518 center font ",20" textcolor rgb "#222222"
  set label "a dot is a seed's two runs; above zero AR is ahead" at screen 0.78734, screen 0.48949 center font ",18" textcolor rgb "#666666"
  set label "parameters per unique token" at screen 0.78734, screen 0.17198 center font ",20" textcolor rgb "#222222"
  set label "AR − DLM" at screen 0.52241, screen 0.34630 rotate by 90 center font ",20" textcolor rgb "#222222"
  unset key
  set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "level" at graph 0.4786, first 0 left offset 0,0.55 front font ",18" textcolor rgb "#555555"
  plot $panel4_series3_band using 1:2:3 with filledcurves lc rgb "#d19a50a0" notitle, \
    $panel4_series1_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40009e73" notitle, \
    $panel4_series2_dots using 1:2 with points pt 7 ps 1.1*marks lc rgb "#40e69f00" notitle, \
    $panel4_series3_line using 1:2 with lines lw 2.6 lc rgb "#9a50a0" notitle
  unset label
  unset arrow
  unset logscale x
  unset multiplot
  set output
}
