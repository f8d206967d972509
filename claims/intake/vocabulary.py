"""Words of page furniture in several languages, by what they furnish.

One word or two beside each other, in lower case, as `\\w+` finds them. They are hints among others: no word alone
drops a block. Category names are the furniture kinds of a found block where there is such a kind.
"""

from typing import Final

WORDS: Final[dict[str, str]] = {
    "share": """
        share|tweet|retweet|facebook|twitter|whatsapp|linkedin|pinterest|reddit|instagram|youtube|telegram|
        tumblr|flipboard|email|e mail|print|printer friendly|copy link|copied|follow us|follow|bookmark|icon|save
        teilen|drucken|merken|empfehlen|folgen sie|link kopieren|versenden
        compartir|comparte|compártelo|imprimir|síguenos|enviar por|copiar enlace|guardar
        partager|partagez|imprimer|suivez nous|envoyer par|copier le|enregistrer
        condividi|stampa|seguici|compartilhe|compartilhar|siga nos|delen|afdrukken|udostępnij|drukuj|dela
        поделиться|распечатать|paylaş|yazdır|bagikan|공유|シェア|分享|مشاركة|شارك""",
    "notice": """
        cookie|cookies|consent|privacy|javascript|browser|gdpr|ad blocker|adblock|adblocker|partners store|
        notifications|terms of|terms and|accept all|reject all|manage preferences|do not|your device|akismet|
        datenschutz|einwilligung|zustimmen|alle akzeptieren|ablehnen|ihr browser|einstellungen
        privacidad|aceptar|rechazar|consentimiento|su navegador|utilizamos|confidentialité|accepter|refuser|
        votre navigateur|accetta|accetto|rifiuta|informativa|aceitar|privacidade|akkoord|accepteren|privacybeleid|
        ciasteczka|plików cookie|integritet|samtycke|куки|çerez""",
    "promotion": """
        subscribe|subscription|subscriber|subscribers|newsletter|newsletters|sign up|signup|donate|donation|support us|
        support our|become a|membership|advertisement|advertise|advertising|sponsored|promoted|free trial|
        never miss|miss a|delivered to|download|
        app store|google play|inbox|buy now|shop|deals|podcast|get the|this content|helpful|unlock|your free|
        spenden|spende|unterstützen|abonnieren|abo|abonnement|anzeige|werbung|jetzt testen|kostenlos|anmelden
        suscríbete|suscribirse|suscripción|boletín|donar|donación|apóyanos|publicidad|anuncio|gratis|hazte socio
        abonnez vous|abonnez|s abonner|faites un|publicité|gratuit|soutenez|infolettre
        iscriviti|abbonati|pubblicità|dona ora|assine|assinar|doar|publicidade|anúncio|abonneer|doneer|advertentie|
        reklama|subskrybuj|wesprzyj|annons|prenumerera|annonse|подписаться|подписка|реклама|abone|iklan|광고|구독|広告|اشترك""",
    "related": """
        related|read more|read also|read next|more from|more on|more stories|more news|see also|also read|most read|
        most popular|popular|trending|recommended|you may|you might|might like|also like|latest|latest news|
        latest stories|recent posts|top stories|editor s|editors picks|don t miss|next article|previous article|
        previous post|next post|continue reading|full story|view all|see all|show more|load more|elsewhere|
        mehr zum|weiterlesen|lesen sie|auch interessant|meistgelesen|neueste|ähnliche|verwandte|mehr aus|mehr zu|
        zum thema|das könnte|relacionadas|relacionados|relacionado|lee también|lea también|te puede|más leídas|
        más leído|más noticias|ver más|leer más|últimas noticias|seguir leyendo|a lire|à lire|lire aussi|lire la|
        articles liés|les plus|plus lus|voir aussi|en savoir|leggi anche|potrebbe interessarti|correlati|
        leia também|leia mais|veja também|mais lidas|lees ook|meer nieuws|gerelateerd|czytaj także|czytaj też|
        zobacz też|podobne|läs också|les også|читайте также|похожие|baca juga|관련기사|関連記事|اقرأ أيضا""",
    "comment": """
        comment|comments|commenting|reply|replies|leave a|log in|login|logged in|post a|report abuse|flag|upvote|
        downvote|permalink|ago|guest|your email|required fields|view comments|join the|discussion|thoughts|
        anonymous|moderation|kommentar|kommentare|kommentieren|antworten|diskussion|comentario|comentarios|responder|
        commentaire|commentaires|répondre|commenti|commento|rispondi|comentário|comentários|reacties|reageer|
        komentarze|komentarz|odpowiedz|kommentarer|комментарии|комментарий|ответить|yorum|komentar|댓글|コメント""",
    "menu": """
        home|menu|search|sign in|log out|my account|account|register|registration|skip to|toggle|navigation|
        main content|sections|categories|archive|archives|more|videos|photos|gallery|sitemap|site map|language|english|
        edition|weather|sports|opinion|business|politics|world|lifestyle|entertainment|cart|checkout|back to|go to|
        startseite|suche|suchen|menü|anmelden|konto|zum inhalt|wetter|sport|politik|wirtschaft|kultur|ressorts
        inicio|buscar|menú|portada|iniciar sesión|deportes|economía|política|cultura|sociedad|secciones
        accueil|recherche|rechercher|connexion|se connecter|économie|sports|culture|rubriques
        accedi|accesso|esportes|notícias|zoeken|inloggen|szukaj|zaloguj|sök|logga in|søk|
        главная|поиск|войти|меню|giriş|anasayfa|beranda|로그인|검색|検索|ログイン|الرئيسية|بحث""",
    "tags": """
        tags|tag|tagged|topics|topic|filed under|keywords|labels|posted in|categories|category|
        schlagwörter|schlagworte|stichworte|themen|etiquetas|temas|archivado en|mots clés|étiquettes|sujets|
        argomenti|assuntos|trefwoorden|onderwerpen|tagi|słowa kluczowe|ämnen|теги|метки|etiketler""",
    "footer": """
        copyright|all rights|rights reserved|reserved|contact us|contact|about us|about|terms|imprint|careers|jobs|
        accessibility|powered by|disclaimer|registered|trademark|privacy policy|cookie policy|terms of|feedback|
        help|faq|faqs|rss|advertise with|newsroom|corporate|permission|licence|license|creative commons|non commercial|
        attribution|republish|reproduced|
        ltd|inc|
        impressum|kontakt|über uns|agb|alle rechte|nutzungsbedingungen|rechte vorbehalten|karriere
        aviso legal|contacto|quiénes somos|todos los|los derechos|derechos reservados|términos|política de
        mentions légales|contactez nous|qui sommes|tous droits|droits réservés|conditions générales
        contatti|chi siamo|note legali|tutti i|diritti riservati|contato|todos os|os direitos|direitos reservados|
        fale conosco|expediente|colofon|over ons|voorwaarden|regulamin|o nas|redakcja|wszelkie prawa|om oss|
        контакты|о нас|все права|права защищены|hakkımızda|iletişim|tentang kami|회사소개|会社概要|اتصل بنا""",
    # How a page speaks to its reader or of itself; people quoted in an article do too, outside of this model's sight.
    "appeal": """
        we|us|our|you|your|please|click|click here|readers|click on|tap|let us|find out|learn more|want to|enter|
        this article|this page|this site|our work|our team|our site|thank you|thanks|here|tell us|send us|
        wir|uns|unser|unsere|unserer|unserem|ihr|ihre|ihrem|bitte|klicken|hier klicken|leserinnen|leser|diesen artikel|
        dieser artikel|diese seite|erfahren sie|nosotros|nuestro|nuestra|nuestros|nuestras|usted|su correo|tu|haga clic|
        haz clic|aquí|lectores|este artículo|esta página|gracias|nous|notre|nos|vous|votre|vos|cliquez|ici|lecteurs|
        cet article|merci|noi|nostro|nostra|vostro|clicca|qui|lettori|grazie|nosso|nossa|você|clique|aqui|leitores|
        obrigado|wij|ons|onze|jouw|uw|klik|lezers|nasz|nasze|twój|kliknij|czytelnicy|мы|наш|наши|вы|ваш|нажмите""",
}
PHRASES: Final[dict[str, str]] = {
    phrase.strip(): kind
    for kind, words in WORDS.items()
    for phrase in words.replace("\n", "|").split("|")
    if phrase.strip()
}
KINDS: Final = tuple(WORDS)
