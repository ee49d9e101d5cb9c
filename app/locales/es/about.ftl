# What this is: method, privacy, sources, data.

about-title = Acerca de
about-description = Cómo cuenta Allot, qué guarda y durante cuánto tiempo, de dónde proceden sus cifras y su API abierta.
about-heading = Acerca de Allot
about-lede = Todos pagamos impuestos; aquí cada cual dice a qué los destinaría.

about-method = Método
about-split = Usted reparte el 100{"\u202F"}% entre las áreas de un presupuesto, en pasos de hasta 0,01{"\u202F"}%. Después, su reparto se compara con la media de todas las personas que han participado y, cuando hay una fuente oficial que encaja, con lo que se gastó realmente.
about-sample = Puede participar cualquiera que lo desee, así que estas personas no son una muestra de la población de un país. Lea las cifras como lo que dijeron quienes participaron, no como una encuesta.
about-mean = La media es exacta. Las medianas y los cuartiles son exactos hasta medio punto porcentual.
about-agreement = La coincidencia es 100 menos la mitad de la suma de todas las diferencias en puntos porcentuales: 100 significa el mismo reparto; 0, que no hay nada en común.
about-more-than = «Más que el { $share } de los demás» cuenta a quienes dieron menos, en porcentajes enteros. El percentil añade la mitad de quienes dieron aproximadamente lo mismo.
about-newest = Si se recuerda este dispositivo, solo cuenta su reparto más reciente de cada presupuesto. Si no, cada envío es independiente y cuenta.

about-privacy = Privacidad
about-no-account = No hay cuentas, nombres, direcciones de correo, publicidad ni rastreo.
about-stored = De cada envío se guardan sus porcentajes, la hora, un número aleatorio como dirección y, si eligió que se le recordara, un número aleatorio para su dispositivo.
about-cookie = La única cookie duradera se instala solo si marca «Recordarme». Contiene ese número aleatorio, firmado, durante 400 días. <device>Puede retirarla en cada visita.</device>
about-receipt = Después de enviar, una segunda cookie entrega el comprobante a la página de resultados. Caduca a los diez minutos.
about-recent = Después de que haya cambiado algo, una tercera cookie indica durante un minuto que este dispositivo acaba de hacerlo, porque una copia de la base de datos puede no saberlo todavía. No indica nada más.
about-addresses = Las direcciones de internet no se guardan. Para frenar los envíos masivos, un resumen cifrado de la dirección se conserva en memoria o se comparte entre nuestros servidores durante una hora como máximo; su clave cambia cada día.
about-draft = El borrador que no ha enviado permanece en su navegador, en su dispositivo, y se borra al enviarlo. También permanecen allí sus impuestos anuales, si los escribió, hasta que vacíe ese campo. Ninguno de los dos se envía.
about-device = Lo que envía espera en su navegador hasta que se transmite. Después queda allí una copia con su comprobante: durante un día, durante 30 si tuvo que esperar, o durante 400 si se recuerda este dispositivo. Si su navegador puede, las páginas que son iguales para todos se guardan para cuando no haya conexión. <kept>Ver todo ello y eliminarlo.</kept>
about-measured = Para encontrar las páginas lentas, el { $share } de las visitas comunica a este servidor cuánto tardó la página en aparecer y en responder: cinco números y el tipo de página. No los acompaña ninguna cookie ni nada sobre usted o su reparto. Un navegador que pide que no se le rastree (Global Privacy Control, Do Not Track) no comunica nada.
about-deletion = Puede eliminar un envío con el código del comprobante o desde el dispositivo recordado. Lo que dijo la gente se vuelve a contar sin él de inmediato; su número, ya vacío, se conserva 92 días para que no pueda volver.

about-sources = Fuentes de las cifras
about-source = { $source }, { $amount } { $unit }, { $year }. Los porcentajes se redondean para que sumen exactamente el { $whole }.
about-no-source = sin gasto real, porque no tenemos una fuente que encaje con sus áreas.

about-api = Datos y API
about-open-data = Lo que dijo la gente son datos abiertos: <code>GET /api/v1/budgets/{"{"}budget{"}"}/aggregate</code>. La interfaz completa se describe en <openapi>OpenAPI 3.1</openapi>.
