# dense-compute: the DLM keeps turning compute into quality, in training after AR has stopped and by denoising at inference
# The data come first; `gnuplot` on this file, in its directory, draws the SVG and the PNG again.
# `marks`, `rows`, `lift` and `reach` even out how the two terminals size points and place legends and tics.
reset session
set encoding utf8

# training, AR: band (x, low, high)
$panel1_series1_band << e
6469360347 0.2498807566 0.2616192434
1.077337462e+10 0.2528050274 0.2571949726
1.868418422e+10 0.2533610133 0.2646389867
3.234333434e+10 0.2479053411 0.2640946589
5.605902533e+10 0.2922103202 0.3157896798
9.732482704e+10 0.353230274 0.395769726
1.677369279e+11 0.3796838845 0.4473161155
2.904871457e+11 0.3804506954 0.4455493046
5.023555635e+11 0.3874830562 0.4270169438
8.690191494e+11 0.3923759002 0.4381240998
1.503172093e+12 0.3751296079 0.4693703921
1.628515678e+12 0.388892162 0.446607838
1.75341031e+12 0.3941743336 0.4598256664
1.878426384e+12 0.4011780392 0.4463219608
e
# training, AR: dots (x, y)
$panel1_series1_dots << e
6510535680 0.25125
1.081073664e+10 0.25625
1.875641856e+10 0.255
3.246468403e+10 0.25375
5.628392141e+10 0.31
9.740033741e+10 0.38125
1.680912415e+11 0.435
2.907134884e+11 0.425
5.028490537e+11 0.405
8.700684073e+11 0.425
1.504925774e+12 0.42375
1.630463358e+12 0.40125
1.755272893e+12 0.40375
1.880251085e+12 0.41125
6477014016 0.25125
1.077616742e+10 0.25375
1.870194586e+10 0.255
3.236202394e+10 0.25375
5.61225984e+10 0.3125
9.717197107e+10 0.37625
1.676973619e+11 0.425
2.900032481e+11 0.40125
5.015239004e+11 0.4
8.677271286e+11 0.40875
1.500907364e+12 0.38875
1.626099256e+12 0.4175
1.750546339e+12 0.4375
1.875222835e+12 0.4225
6444539904 0.26125
1.0737408e+10 0.25625
1.86181417e+10 0.265
3.224784077e+10 0.2575
5.585756774e+10 0.28875
9.743909683e+10 0.37625
1.675192781e+11 0.41625
2.907187261e+11 0.44625
5.026709699e+11 0.4275
8.692659825e+11 0.4425
1.503698043e+12 0.43625
1.629006213e+12 0.44
1.754314383e+12 0.46
1.879622554e+12 0.44125
6409970688 0.26
1.072274227e+10 0.2525
1.857204941e+10 0.2575
3.215356109e+10 0.24875
5.571091046e+10 0.30125
9.71625431e+10 0.34625
1.671526349e+11 0.36625
2.900126761e+11 0.37625
5.014914263e+11 0.38625
8.672127805e+11 0.3975
1.500178268e+12 0.385
1.625193124e+12 0.38875
1.75020798e+12 0.39625
1.875222835e+12 0.40125
6505297920 0.255
1.082016461e+10 0.25625
1.877317939e+10 0.2625
3.248982528e+10 0.26625
5.632268083e+10 0.3075
9.74506199e+10 0.3925
1.682263757e+11 0.425
2.909889946e+11 0.41625
5.032450284e+11 0.4175
8.708268349e+11 0.4025
1.50615979e+12 0.4775
1.631826223e+12 0.44125
1.756719563e+12 0.4375
1.881822413e+12 0.4425
e
# training, AR: line (x, y)
$panel1_series1_line << e
6469360347 0.2557499103
1.077337462e+10 0.255000197
1.868418422e+10 0.2589998063
3.234333434e+10 0.2560014036
5.605902533e+10 0.304000499
9.732482704e+10 0.3744995105
1.677369279e+11 0.4134986591
2.904871457e+11 0.4129998423
5.023555635e+11 0.4072504083
8.690191494e+11 0.4152499744
1.503172093e+12 0.4217333033
1.628515678e+12 0.4223040978
1.75341031e+12 0.422988305
1.878426384e+12 0.4235644049
e
# training, DLM: band (x, low, high)
$panel1_series2_band << e
6450388616 0.2297796177 0.2647203823
1.074178115e+10 0.2427613623 0.2602386377
1.862939189e+10 0.2446998962 0.2628001038
3.224848585e+10 0.247352333 0.257647667
5.589462936e+10 0.24129152 0.25820848
9.703941699e+10 0.2332893021 0.2772106979
1.672450308e+11 0.2413985675 0.2951014325
2.896352772e+11 0.2482175507 0.3387824493
5.008823801e+11 0.2878811389 0.3766188611
8.664707061e+11 0.3578859491 0.4136140509
1.498763964e+12 0.4212203127 0.4692796873
1.623739972e+12 0.4216573622 0.4883426378
1.748268344e+12 0.4369973881 0.4840026119
1.872917802e+12 0.4475678822 0.4884321178
e
# training, DLM: dots (x, y)
$panel1_series2_dots << e
6491443200 0.22625
1.07790336e+10 0.2425
1.87014144e+10 0.2575
3.236947968e+10 0.25125
5.611886592e+10 0.2425
9.711470592e+10 0.24
1.675983053e+11 0.2475
2.898609562e+11 0.26375
5.01374423e+11 0.27875
8.67516887e+11 0.37125
1.500512502e+12 0.44375
1.62568194e+12 0.44875
1.750125466e+12 0.4725
1.874737152e+12 0.4675
6458019840 0.24
1.074456576e+10 0.25375
1.864710144e+10 0.26
3.226712064e+10 0.25375
5.5958016e+10 0.25
9.688700928e+10 0.24
1.672055808e+11 0.26375
2.891527987e+11 0.29
5.000531558e+11 0.33125
8.651824742e+11 0.365
1.496505876e+12 0.41875
1.621330637e+12 0.41875
1.745412772e+12 0.4375
1.869723648e+12 0.45875
6425640960 0.255
1.070592e+10 0.2475
1.856354304e+10 0.255
3.215327232e+10 0.25375
5.569376256e+10 0.25875
9.715335168e+10 0.26125
1.670280192e+11 0.26125
2.898661786e+11 0.27375
5.011968614e+11 0.34125
8.667168154e+11 0.41875
1.499288371e+12 0.45625
1.624229069e+12 0.465
1.749169766e+12 0.4675
1.874110464e+12 0.48
6391173120 0.25375
1.069129728e+10 0.26125
1.851758592e+10 0.255
3.205926912e+10 0.2575
5.554753536e+10 0.25375
9.687760896e+10 0.2825
1.666624512e+11 0.305
2.89162199e+11 0.35625
5.00020777e+11 0.37875
8.646696346e+11 0.375
1.495778918e+12 0.4375
1.620427162e+12 0.45
1.745075405e+12 0.44375
1.869723648e+12 0.44625
6486220800 0.26125
1.078843392e+10 0.2525
1.871812608e+10 0.24125
3.23945472e+10 0.24625
5.615751168e+10 0.24375
9.716484096e+10 0.2525
1.677330432e+11 0.26375
2.901356544e+11 0.28375
5.017692365e+11 0.33125
8.682730906e+11 0.39875
1.501742899e+12 0.47
1.627040809e+12 0.4925
1.751567892e+12 0.48125
1.876303872e+12 0.4875
e
# training, DLM: line (x, y)
$panel1_series2_line << e
6450388616 0.2472505083
1.074178115e+10 0.2514995521
1.862939189e+10 0.2537499037
3.224848585e+10 0.2524999605
5.589462936e+10 0.2497502172
9.703941699e+10 0.2552503006
1.672450308e+11 0.2682502731
2.896352772e+11 0.2935004432
5.008823801e+11 0.3322504223
8.664707061e+11 0.3857502641
1.498763964e+12 0.4529234598
1.623739972e+12 0.4560104054
1.748268344e+12 0.4589320091
1.872917802e+12 0.4613221737
e
# inference, DLM, random order: bars (x, value, width)
$panel2_series1_bars << e
-0.2 0 0.36
0.8 0 0.36
1.8 0.001822916667 0.36
2.8 0.01424231151 0.36
3.8 0.0219593254 0.36
4.8 0.04221106151 0.36
5.8 0.05614831349 0.36
e
# inference, DLM, random order: intervals (x, low, high)
$panel2_series1_errors << e
-0.2 0 0
0.8 0 0
1.8 -0.001276439886 0.004922273219
2.8 0.01230169222 0.0161829308
3.8 0.012686889 0.03123176179
4.8 0.03144636178 0.05297576123
5.8 0.04587650223 0.06642012475
e
# inference, DLM, confidence order: bars (x, value, width)
$panel2_series2_bars << e
0.2 0 0.36
1.2 0.0003125 0.36
2.2 0.007701681999 0.36
3.2 0.04914603626 0.36
4.2 0.1784672619 0.36
5.2 0.3076884921 0.36
6.2 0.4530989583 0.36
e
# inference, DLM, confidence order: intervals (x, low, high)
$panel2_series2_errors << e
0.2 0 0
1.2 -0.0005551390954 0.001180139095
2.2 0.000921441099 0.0144819229
3.2 0.03813195868 0.06016011383
4.2 0.1407169938 0.21621753
5.2 0.2823188616 0.3330581225
6.2 0.4203182273 0.4858796893
e

do for [format in "svg png"] {
  if (format eq "svg") {
    marks = 0.5; rows = 0.94; lift = 0.34; reach = 0.4
    set terminal svg enhanced size 1160,728 fixed font "sans-serif,20" background "#ffffff"
    set output "./dense-compute.svg"
  } else {
    marks = 1; rows = 1.15; lift = 0; reach = 0
    set terminal pngcairo enhanced size 1160,728 fontscale 0.75 font "sans-serif,20" background "#ffffff"
    set output "./dense-compute.png"
  }
  set multiplot
  set border 3 lw 1.2 lc rgb "#444444"
  set tics nomirror out scale 0.6 textcolor rgb "#222222" font ",18"
  set grid xtics ytics back lt 1 dt 1 lw 1 lc rgb "#e4e4e4"
  set style fill solid noborder
  set label "{/:Bold dense-compute: the DLM keeps turning compute into quality, in}" at screen 0.5, screen 0.96154 center font ",26" textcolor rgb "#111111"
  set label "{/:Bold training after AR has stopped and by denoising at inference}" at screen 0.5, screen 0.91209 center font ",26" textcolor rgb "#111111"
  set label "verdict: inconclusive — DLM's final accuracy − DLM's at the training FLOPs of AR's best: +5.4 points" at screen 0.02069, screen 0.23077 left font ",19" textcolor rgb "#333333"
  set label "[-6.1, +17.0]; the DLM's gain in the second half of training: +8.2 points [+6.3, +10.1]; that gain," at screen 0.02069, screen 0.19231 left font ",19" textcolor rgb "#333333"
  set label "DLM − AR: +7.4 points [+4.5, +10.2]; true sentences by denoising steps: 1 0.0 %, 2 0.0 %, 4 0.2 %, 8" at screen 0.02069, screen 0.15385 left font ",19" textcolor rgb "#333333"
  set label "1.4 %, 16 2.2 %, 32 4.2 %, all 5.6 % (increasing along the levels, p = 8.44e-10); at this scale (width 64," at screen 0.02069, screen 0.11538 left font ",19" textcolor rgb "#333333"
  set label "3 layers, 6 000 unique tokens of the world corpus, 300 epochs)" at screen 0.02069, screen 0.07692 left font ",19" textcolor rgb "#333333"
  set label "dots: checkpoints of all seeds; lines: means; bands and bars: 95 % intervals over seeds; preset ci" at screen 0.02069, screen 0.03846 left font ",19" textcolor rgb "#333333"

  # panel 1: training
  set lmargin at screen 0.08748
  set rmargin at screen 0.47759
  set tmargin at screen 0.82418
  set bmargin at screen 0.35714
  set logscale x
  set xrange [5389030480:2.231765596e+12]
  set xtics ("" 6000000000 1, "" 7000000000 1, "" 8000000000 1, "" 9000000000 1, "10G" 1e+10, "" 2e+10 1, "30G" 3e+10, "" 4e+10 1, "" 5e+10 1, "" 6e+10 1, "" 7e+10 1, "" 8e+10 1, "" 9e+10 1, "100G" 1e+11, "" 2e+11 1, "300G" 3e+11, "" 4e+11 1, "" 5e+11 1, "" 6e+11 1, "" 7e+11 1, "" 8e+11 1, "" 9e+11 1, "1×10¹²" 1e+12, "" 2e+12 1) offset 0,lift
  set yrange [0.2182625:0.5004875]
  set ytics ("25%%" 0.25, "30%%" 0.3, "35%%" 0.35, "40%%" 0.4, "45%%" 0.45, "50%%" 0.5) offset reach,0
  set label "{/:Bold training}" at screen 0.28253, screen 0.85440 center font ",20" textcolor rgb "#222222"
  set label "training FLOPs" at screen 0.28253, screen 0.28297 center font ",20" textcolor rgb "#222222"
  set label "accuracy" at screen 0.02241, screen 0.59066 rotate by 90 center font ",20" textcolor rgb "#222222"
  set key inside top left notitle Left reverse samplen 1.6 spacing rows width 0 font ",19" textcolor rgb "#222222"
  set arrow from graph 0, first 0.25 to graph 1, first 0.25 nohead back lw 1.6 dt (12,7) lc rgb "#555555"
  set label "chance" at graph 0.8370, first 0.25 left offset 0,0.55 front font ",18" textcolor rgb "#555555"
  plot $panel1_series1_band using 1:2:3 with filledcurves lc rgb "#d11f77b4" notitle, \
    $panel1_series2_band using 1:2:3 with filledcurves lc rgb "#d1d62728" notitle, \
    $panel1_series1_dots using 1:2 with points pt 7 ps 0.8*marks lc rgb "#9e1f77b4" notitle, \
    $panel1_series2_dots using 1:2 with points pt 13 ps 0.8*marks lc rgb "#9ed62728" notitle, \
    $panel1_series1_line using 1:2 with lines lw 2.6 lc rgb "#1f77b4" notitle, \
    $panel1_series2_line using 1:2 with lines lw 2.6 lc rgb "#d62728" notitle, \
    keyentry with linespoints lw 2.6 pt 7 ps 0.8*marks lc rgb "#1f77b4" title "AR", \
    keyentry with linespoints lw 2.6 pt 13 ps 0.8*marks lc rgb "#d62728" title "DLM"
  unset label
  unset arrow
  unset logscale x

  # panel 2: inference
  set lmargin at screen 0.59710
  set rmargin at screen 0.97759
  set tmargin at screen 0.82418
  set bmargin at screen 0.35714
  set xrange [-0.6:6.6]
  set xtics ("1" 0, "2" 1, "4" 2, "8" 3, "16" 4, "32" 5, "all" 6) offset 0,lift
  set grid noxtics
  set yrange [-0.03056741165:1.263117175]
  set ytics ("0%%" -0, "20%%" 0.2, "40%%" 0.4, "60%%" 0.6, "80%%" 0.8, "100%%" 1) offset reach,0
  set label "{/:Bold inference}" at screen 0.78734, screen 0.85440 center font ",20" textcolor rgb "#222222"
  set label "denoising steps" at screen 0.78734, screen 0.28297 center font ",20" textcolor rgb "#222222"
  set label "true sentences" at screen 0.52241, screen 0.59066 rotate by 90 center font ",20" textcolor rgb "#222222"
  set key inside top left notitle Left reverse samplen 1.6 spacing rows width 0 font ",19" textcolor rgb "#222222"
  set arrow from graph 0, first 0.9750892857 to graph 1, first 0.9750892857 nohead back lw 1.6 dt (12,7) lc rgb "#1f77b4"
  set label "AR" at graph 0.9344, first 0.9750892857 left offset 0,0.55 front font ",18" textcolor rgb "#1f77b4"
  plot $panel2_series1_bars using 1:2:3 with boxes lc rgb "#33d62728" notitle, \
    $panel2_series2_bars using 1:2:3 with boxes lc rgb "#33e69f00" notitle, \
    $panel2_series1_errors using 1:2:(0):($3-$2) with vectors heads size screen 0.003,90 lw 1.6 lc rgb "#222222" notitle, \
    $panel2_series2_errors using 1:2:(0):($3-$2) with vectors heads size screen 0.003,90 lw 1.6 lc rgb "#222222" notitle, \
    keyentry with boxes lc rgb "#33d62728" title "DLM, random order", \
    keyentry with boxes lc rgb "#33e69f00" title "DLM, confidence order"
  unset label
  unset arrow
  set grid xtics
  unset multiplot
  set output
}
